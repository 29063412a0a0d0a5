import MartletTensor

/// The slices of x at some places along `axis`. Inputs: x, indices (integers of any shape; negative ones count from the
/// back). Result: x's shape with `axis` replaced by the shape of the indices.
package struct GatherOp: GraphOp {
    package static let name = "Gather"
    package var axis: Int

    package init(axis: Int = 0) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let indices = try operand(inputs, 1)
        try requireInteger(inputs, indices, "indices")
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        guard let places = indices.type.shape else { return [ValueType(x.type.dtype, nil)] }
        return [ValueType(x.type.dtype, Array(shape[..<at]) + places + Array(shape[(at + 1)...]))]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard inputs.count == 2, let x = inputs[0]?.integers, inputs[0]?.type.rank == 1,
            let places = inputs[1]?.knownIntegers, let rank = inputs[1]?.type.rank, rank <= 1
        else { return nil }
        var result: [Dim] = []
        for place in places {
            let index = place < 0 ? place + x.count : place
            guard x.indices.contains(index) else { return nil }
            result.append(x[index])
        }
        return result
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }
}
