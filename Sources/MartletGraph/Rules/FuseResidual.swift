import MartletTensor

/// Linear(x) + r = Linear(x, residual r); LayerNorm(a + b) = LayerNorm(a, residual b) if a + b is used for nothing else.
package struct FuseResidual: GraphRule {
    package static let name = "fuse_residual"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            if let op = node.op as? BinaryOp, op.kind == .add, let a = node.inputs[0], let b = node.inputs[1] {
                let matcher = GraphMatcher(graph)
                for (main, other) in [(a, b), (b, a)] where main != other {
                    guard matcher.isUsedOnce(main), matcher.constant(other) == nil,
                        matcher.keepsShape(node.outputs[0], of: main), matcher.keepsShape(node.outputs[0], of: other),
                        let (linear, inputs) = matcher.match(main, LinearOp.self),
                        linear.residualInput >= inputs.count || inputs[linear.residualInput] == nil
                    else { continue }
                    let missing = max(0, linear.residualInput - inputs.count)
                    let all =
                        inputs.prefix(linear.residualInput) + [ValueID?](repeating: nil, count: missing) + [other]
                    if graph.rewriteNode(at: position, linear, Array(all)) {
                        count += 1
                        break
                    }
                }
            }
        }
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let norm = node.op as? LayerNormOp, let x = node.inputs[0], matcher.isUsedOnce(x),
                node.inputs.count < 4 || node.inputs[3] == nil, let (a, b) = matcher.binary(x, .add),
                matcher.constant(a) == nil, matcher.constant(b) == nil, matcher.keepsShape(x, of: a),
                matcher.keepsShape(x, of: b), graph.type(x).dtype == .float32,
                // A linear op on either side takes the residual itself.
                matcher.match(a, LinearOp.self) == nil && matcher.match(b, LinearOp.self) == nil
            else { continue }
            var inputs = node.inputs + [ValueID?](repeating: nil, count: max(0, 4 - node.inputs.count))
            inputs[0] = a
            inputs[3] = b
            if graph.rewriteNode(at: position, norm, inputs) { count += 1 }
        }
        return count
    }
}
