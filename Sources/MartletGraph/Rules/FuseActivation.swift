import MartletTensor

/// f(Linear(x)) = Linear(x, act=f) for the activations that kernels know.
package struct FuseActivation: GraphRule {
    package static let name = "fuse_activation"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? UnaryOp, let activation = Activation(rawValue: op.kind.rawValue),
                activation != .none, let x = node.inputs[0], matcher.isUsedOnce(x),
                let (linear, inputs) = matcher.match(x, LinearOp.self), linear.activation == .none,
                linear.residualInput >= inputs.count || inputs[linear.residualInput] == nil
            else { continue }
            var fused = linear
            fused.activation = activation
            if graph.rewriteNode(at: position, fused, inputs) { count += 1 }
        }
        return count
    }
}
