import MartletTensor

/// Linear(x, W) + b = Linear(x, W, b) for a constant vector b; LayerNorm(x) · g = LayerNorm(x, g) and LayerNorm(x, g) + b =
/// LayerNorm(x, g, b) likewise; Conv(x, w) + b along the channels.
package struct FuseBias: GraphRule {
    package static let name = "fuse_bias"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            guard let op = node.op as? BinaryOp, op.kind == .add || op.kind == .mul, let a = node.inputs[0],
                let b = node.inputs[1]
            else { continue }
            let matcher = GraphMatcher(graph)
            for (main, other) in [(a, b), (b, a)] {
                guard matcher.isUsedOnce(main), matcher.constant(other) != nil,
                    let (fused, inputs) = fused(op.kind, main, other, node.outputs[0], matcher, &graph)
                else { continue }
                if graph.rewriteNode(at: position, fused, inputs) {
                    count += 1
                    break
                }
            }
        }
        return count
    }

    private func fused(
        _ kind: BinaryOp.Kind, _ main: ValueID, _ other: ValueID, _ result: ValueID, _ matcher: GraphMatcher,
        _ graph: inout Graph
    ) -> (any GraphOp, [ValueID?])? {
        let width = graph.type(main).shape?.last?.fixedValue
        func vector() -> ValueID? {
            // Leading ones must not add dimensions to the result.
            guard let width, let tensor = matcher.lastAxisVector(other, length: width),
                graph.type(other).rank ?? 99 <= graph.type(main).rank ?? 0
            else { return nil }
            return graph.type(other).rank == 1 ? other : graph.addConstant(tensor)
        }
        if kind == .add, let (linear, inputs) = matcher.match(main, LinearOp.self), linear.weightCount == 1,
            linear.activation == .none, inputs.count <= 2 || inputs[2] == nil,
            inputs.count <= 3 || inputs[3] == nil, let bias = vector()
        {
            return (linear, [inputs[0], inputs[1], bias])
        }
        if let (norm, inputs) = matcher.match(main, LayerNormOp.self), norm.axis == -1 {
            var padded = inputs + [ValueID?](repeating: nil, count: 4 - inputs.count)
            if kind == .mul, padded[1] == nil, padded[2] == nil, let gamma = vector() {
                padded[1] = gamma
                return (norm, padded)
            }
            if kind == .add, padded[2] == nil, let beta = vector() {
                padded[2] = beta
                return (norm, padded)
            }
        }
        return nil
    }
}
