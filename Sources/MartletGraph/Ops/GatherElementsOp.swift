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
}
