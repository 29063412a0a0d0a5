import MartletGraph

/// Floating-point operations of one row, from the types of a graph's values.
package struct FlopEstimate {
    package let flops: Int
    /// Whether some op's shapes are not known before a run, so that its work is left out.
    let isLowerBound: Bool

    /// Values of more elements are left out.
    private static let maximumElements = 1 << 30

    /// - Parameter tokens: length of a text; every other dimension that is not a number counts as 1.
    package init(_ model: LoadedModel, tokens: Int) {
        var lengths: [String: Int] = [:]
        for input in model.inputs where input.role != .value {
            for case .symbol(let name)? in [input.type.shape?.last] where input.role != .sequenceLengths {
                lengths[name] = tokens
            }
        }
        var total = 0
        var isLowerBound = false
        let graph = model.graph
        func shape(_ value: ValueID) -> [Int]? {
            guard let dims = graph.type(value).shape else { return nil }
            var result: [Int] = []
            for dim in dims {
                guard let product = DimProduct(dim) else { return nil }
                var length = product.coefficient
                for symbol in product.symbols {
                    length = length.multipliedReportingOverflow(by: lengths[symbol] ?? 1).partialValue
                }
                guard length >= 0, length <= Self.maximumElements else { return nil }
                result.append(length)
            }
            // Small enough that no op's count of multiply-adds overflows.
            var elements = 1
            for length in result {
                elements *= max(length, 1)
                guard elements <= Self.maximumElements else { return nil }
            }
            return result
        }
        for node in graph.nodes {
            let inputs = node.inputs.map { $0.flatMap(shape) }
            let areKnown = zip(node.inputs, inputs).allSatisfy { $0 == nil || $1 != nil }
            let outputs = node.outputs.compactMap(shape)
            guard areKnown, outputs.count == node.outputs.count else {
                isLowerBound = true
                continue
            }
            if node.op is AttentionOp, node.inputs.count > AttentionOp.offsetsInput,
                node.inputs[AttentionOp.offsetsInput] != nil, let width = outputs[0].last
            {
                total += 4 * tokens * tokens * width
            } else {
                let (sum, overflow) = total.addingReportingOverflow(node.op.flops(inputs, outputs: outputs))
                if overflow { isLowerBound = true } else { total = sum }
            }
        }
        flops = total
        self.isLowerBound = isLowerBound
    }
}
