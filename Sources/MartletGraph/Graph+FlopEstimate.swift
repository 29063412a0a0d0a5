extension Graph {
    /// Floating-point operations of one run with these numbers for the symbols of the inputs' types; other symbols count
    /// as 1. Nodes whose shapes are not known before a run are left out.
    ///
    /// - Parameter bindings: for a packed graph `tokens` and `rows`; attention counts each sequence as of equal length.
    /// - Returns: the sum, and whether something was left out.
    package func flopsEstimate(bindings: [String: Int]) -> (flops: Int, isLowerBound: Bool) {
        var total = 0
        var isLowerBound = false
        for node in nodes {
            let inputs = node.inputs.map { $0.flatMap { shape($0, bindings) } }
            let outputs = node.outputs.compactMap { shape($0, bindings) }
            guard zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil || isSequenceInput($0) }),
                outputs.count == node.outputs.count
            else {
                isLowerBound = true
                continue
            }
            let work: Int
            if node.op is AttentionOp, outputs[0].count == 2 {
                let rows = max(1, bindings[PackedSymbols.rows] ?? 1)
                work = Self.product([4, outputs[0][1], outputs[0][0], outputs[0][0] / rows]) ?? 0
            } else {
                work = node.op.flops(inputs, outputs: outputs)
            }
            let (sum, overflow) = total.addingReportingOverflow(work)
            if overflow { isLowerBound = true } else { total = sum }
        }
        return (total, isLowerBound)
    }

    /// Offsets and lengths: their sizes do not matter to the work.
    private func isSequenceInput(_ id: ValueID?) -> Bool { id.map { type($0).dtype == .int32 } ?? false }

    /// At most 2^30 elements, so that no op's count overflows; nil if a dimension is unknown or too large.
    private func shape(_ id: ValueID, _ bindings: [String: Int]) -> [Int]? {
        guard let dims = type(id).shape else { return nil }
        var result: [Int] = []
        for dim in dims {
            guard let product = DimProduct(dim),
                let length = Self.product([product.coefficient] + product.symbols.map { bindings[$0] ?? 1 }),
                length >= 0
            else { return nil }
            result.append(length)
        }
        guard let count = Self.product(result.map { max($0, 1) }), count <= 1 << 30 else { return nil }
        return result
    }

    private static func product(_ factors: [Int]) -> Int? {
        var result = 1
        for factor in factors {
            let (next, overflow) = result.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            result = next
        }
        return result
    }
}
