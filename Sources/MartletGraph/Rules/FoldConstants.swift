import MartletTensor

/// f(constants) is a constant: computed now, by the op's own `run`. An integer value whose elements all follow from
/// shapes is one too.
package struct FoldConstants: GraphRule {
    package static let name = "fold_constants"
    /// Larger results stay computed: a folded table would take memory in every copy of the model.
    private let maximumByteCount = 16 << 20
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var kept: [Graph.Node] = []
        var count = 0
        // Work is worth its while in proportion to what a file holds: a small one must not keep anyone waiting.
        var limits = RunLimits.folding
        limits.work += 64 * graph.values.reduce(0) { $0 + ($1.constant?.count ?? 0) }
        let context = RunContext(limits: limits)
        for node in graph.nodes {
            if let results = known(node, graph) ?? computed(node, graph, context) {
                for (id, tensor) in zip(node.outputs, results) { graph.setConstant(id, tensor) }
                count += 1
            } else {
                kept.append(node)
            }
        }
        if count > 0 { graph.replaceNodes(kept) }
        return count
    }

    /// From integers that shape inference has worked out.
    private func known(_ node: Graph.Node, _ graph: Graph) -> [Tensor]? {
        guard node.outputs.count == 1, let integers = graph.values[node.outputs[0].index].integers,
            let rank = graph.type(node.outputs[0]).rank, rank == 1 || rank == 0 && integers.count == 1
        else { return nil }
        let fixed = integers.compactMap(\.fixedValue)
        guard fixed.count == integers.count else { return nil }
        let shape = rank == 0 ? [] : [fixed.count]
        switch graph.type(node.outputs[0]).dtype {
        case .int64: return [Tensor(fixed.map(Int64.init), shape: shape)]
        case .int32:
            let narrow = fixed.compactMap(Int32.init(exactly:))
            return narrow.count == fixed.count ? [Tensor(narrow, shape: shape)] : nil
        case .bool: return fixed.allSatisfy { $0 == 0 || $0 == 1 } ? [Tensor(fixed.map { $0 == 1 }, shape: shape)] : nil
        default: return nil
        }
    }

    private func computed(_ node: Graph.Node, _ graph: Graph, _ context: RunContext) -> [Tensor]? {
        var inputs = node.inputs.map { $0.flatMap(graph.constant) }
        guard zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil }), !(node.op is DimsOp) else { return nil }
        for id in node.outputs {
            let type = graph.type(id)
            if let shape = type.fixedShape {
                guard let bytes = try? Tensor.byteCount(type.dtype, shape: shape), bytes <= maximumByteCount else {
                    return nil
                }
            } else {
                // The size is known only when it is run: a few inputs cannot make much, but for a range.
                guard inputs.reduce(0, { $0 + ($1?.count ?? 0) }) <= 4096, !(node.op is RangeOp), !inputs.isEmpty
                else { return nil }
            }
        }
        for place in inputs.indices where !node.op.unalignedInputs.contains(place) {
            inputs[place] = inputs[place]?.aligned()
        }
        // What fails now, or takes too long, does so when it is run, with the node's name.
        defer { context.shareWork() }
        guard let prepared = try? node.op.prepare(inputs) as AnyObject??,
            let results = try? context.runAlone(node.op, inputs, prepared: prepared, name: node.name),
            results.count == node.outputs.count
        else { return nil }
        // A view of an input that is a constant too is fine: constants are never written.
        return results.map { $0.owningHandles() }
    }
}
