import MartletTensor

/// Slices of x at places given by index tuples in the last dimension of the indices. Inputs: x, indices (int64).
package struct GatherNDOp: GraphOp {
    package static let name = "GatherND"
    package var batchDims: Int

    package init(batchDims: Int = 0) { self.batchDims = batchDims }

    package var attributes: String { "batch_dims=\(batchDims)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let indices = try operand(inputs, 1)
        try requireInteger(inputs, indices, "indices")
        guard let shape = x.type.shape, let places = indices.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard !places.isEmpty, batchDims >= 0, batchDims < places.count, batchDims <= shape.count else {
            throw impossible(inputs, "batch_dims \(batchDims) does not go with these ranks")
        }
        guard let depth = places[places.count - 1].fixedValue else { return [ValueType(x.type.dtype, nil)] }
        guard depth >= 0, depth <= shape.count - batchDims else {
            throw impossible(inputs, "index tuples of \(depth) are longer than the rank")
        }
        return [ValueType(x.type.dtype, Array(places.dropLast()) + Array(shape[(batchDims + depth)...]))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let indices = try operand(inputs, 1, context)
        guard let depth = indices.shape.last, batchDims >= 0, batchDims < indices.rank, batchDims <= x.rank,
            depth <= x.rank - batchDims, indices.shape[..<batchDims] == x.shape[..<batchDims],
            let values = indices.integerValues()
        else { throw context.invalid(self, inputs, "index tuples and batch_dims do not go with these shapes") }
        let tail = Array(x.shape[(batchDims + depth)...])
        let result = try context.output(0, x.dtype, Array(indices.shape.dropLast()) + tail)
        guard result.count > 0 else { return [result] }
        let block = tail.reduce(x.dtype.size, *)
        let batches = x.shape[..<batchDims].reduce(1, *)
        let inner = x.shape[batchDims..<(batchDims + depth)]
        let batchBytes = inner.reduce(block, *)
        let tuples = indices.shape.dropLast().reduce(1, *)
        for tuple in 0..<tuples {
            var place = 0
            for (axis, dim) in inner.enumerated() {
                let value = values[tuple * depth + axis]
                guard value >= -dim, value < dim else {
                    throw context.invalid(self, inputs, "index \(value) is outside \(dim) elements")
                }
                place = place * dim + (value < 0 ? value + dim : value)
            }
            let batch = tuple / max(tuples / max(batches, 1), 1)
            (result.pointer + tuple * block).copyMemory(
                from: x.pointer + batch * batchBytes + place * block, byteCount: block)
        }
        return [result]
    }
}
