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
}
