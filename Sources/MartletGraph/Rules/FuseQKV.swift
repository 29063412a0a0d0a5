import MartletTensor

/// Attention(x Wq, x Wk, x Wv) = Attention(x [Wq Wk Wv], packed): one product instead of three over the same input.
package struct FuseQKV: GraphRule {
    package static let name = "fuse_qkv"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        var added: [Int: Graph.Node] = [:]
        for (position, node) in graph.nodes.enumerated() {
            guard var op = node.op as? AttentionOp, !op.isPacked, node.inputs.count >= 3 else { continue }
            let parts = node.inputs[..<3].compactMap { id -> (op: LinearOp, inputs: [ValueID?])? in
                guard let id, matcher.isUsedOnce(id) else { return nil }
                return matcher.match(id, LinearOp.self)
            }
            guard parts.count == 3, let x = parts[0].inputs[0],
                parts.allSatisfy({
                    $0.inputs[0] == x && $0.op.weightCount == 1 && $0.op.activation == .none
                        && $0.op.isTransposed == parts[0].op.isTransposed
                        && $0.op.precision == parts[0].op.precision
                        && ($0.inputs.count < 4 || $0.inputs[3] == nil)
                }),
                Set(node.inputs[..<3].map { $0.flatMap { graph.type($0).shape?.last } }).count == 1
            else { continue }
            let linear = LinearOp(
                weightCount: 3, isTransposed: parts[0].op.isTransposed, precision: parts[0].op.precision)
            let weights = parts.map { $0.inputs[1] }
            let biases = parts.map { $0.inputs.count > 2 ? $0.inputs[2] : nil }
            let fused = try graph.makeNode(linear, [x] + weights + biases, name: node.name)
            op.isPacked = true
            let others = Array(node.inputs[3...])
            guard graph.rewriteNode(at: position, op, [fused.outputs[0], nil, nil] + others) else { continue }
            added[position] = fused
            count += 1
        }
        if count > 0 {
            graph.replaceNodes(
                graph.nodes.enumerated().flatMap { (added[$0.offset].map { [$0] } ?? []) + [$0.element] })
        }
        return count
    }
}
