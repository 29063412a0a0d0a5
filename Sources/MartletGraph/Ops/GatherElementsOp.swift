import MartletTensor

/// For each element of the indices the element of x at that place along `axis`, other places kept. Inputs: x, indices of x's rank.
package struct GatherElementsOp: GraphOp {
    package static let name = "GatherElements"
    package var axis: Int

    package init(axis: Int = 0) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let indices = try operand(inputs, 1)
        try requireInteger(inputs, indices, "indices")
        if let rank = x.type.rank {
            _ = try resolveAxis(axis, rank: rank, inputs)
            if let other = indices.type.rank, other != rank {
                throw impossible(inputs, "the indices are of rank \(other), not \(rank)")
            }
        }
        return [ValueType(x.type.dtype, indices.type.shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let indices = try operand(inputs, 1, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        guard indices.rank == x.rank,
            x.shape.indices.allSatisfy({ $0 == at || indices.shape[$0] <= x.shape[$0] })
        else { throw context.invalid(self, inputs, "the indices do not fit inside the input's shape") }
        let places = try places(indices, in: x.shape[at], inputs, context)
        let result = try context.output(0, x.dtype, indices.shape)
        guard result.count > 0 else { return [result] }
        var strides = rowMajorStrides(x.shape)
        let along = strides[at]
        strides[at] = 0
        let size = x.dtype.size
        var index = [Int](repeating: 0, count: x.rank)
        var offset = 0
        for (position, place) in places.enumerated() {
            (result.pointer + position * size).copyMemory(
                from: x.pointer + (offset + place * along) * size, byteCount: size)
            var axis = x.rank - 1
            while axis >= 0 {
                index[axis] += 1
                offset += strides[axis]
                if index[axis] < indices.shape[axis] { break }
                offset -= strides[axis] * indices.shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return [result]
    }
}
