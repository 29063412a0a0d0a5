import MartletTensor

/// The slices of x at some places along `axis`. Inputs: x, indices (integers of any shape; negative ones count from the
/// back). Result: x's shape with `axis` replaced by the shape of the indices.
package struct GatherOp: GraphOp {
    package static let name = "Gather"
    package var axis: Int

    package init(axis: Int = 0) { self.axis = axis }

    /// Slices are copied as bytes, so tables may lie anywhere in a mapped file.
    package var unalignedInputs: Range<Int> { 0..<1 }

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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        guard let x = optional(inputs, 0) else { throw context.invalid(self, inputs, "input 0 is missing") }
        let indices = try operand(inputs, 1, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        let length = x.shape[at]
        let places = try places(indices, in: length, inputs, context)
        let result = try context.output(
            0, x.dtype, Array(x.shape[..<at]) + indices.shape + Array(x.shape[(at + 1)...]))
        let block = x.shape[(at + 1)...].reduce(x.dtype.size, *)
        let outer = x.shape[..<at].reduce(1, *)
        guard result.count > 0 else { return [result] }
        var to = result.pointer
        for index in 0..<outer {
            let from = x.pointer + index * length * block
            for place in places {
                to.copyMemory(from: from + place * block, byteCount: block)
                to += block
            }
        }
        return [result]
    }
}
