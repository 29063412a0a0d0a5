import MartletTensor

/// Gather(T1, ids1) + Gather(T2, ids2) + … = Embedding(T1, ids1, T2, ids2, …) for constant tables; LayerNorm of it goes along.
///
/// `Gather` counts negative ids from the back, an embedding refuses them; no tokenizer makes any.
package struct FuseEmbedding: GraphRule {
    package static let name = "fuse_embedding"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            let matcher = GraphMatcher(graph)
            if let op = node.op as? BinaryOp, op.kind == .add, let a = node.inputs[0], let b = node.inputs[1],
                let left = tables(a, matcher), let right = tables(b, matcher),
                graph.type(node.outputs[0]).shape != nil, left.count + right.count <= 8
            {
                // The ids that are known to differ from token to token come first.
                let all = (left + right).sorted { isInput($0.ids, matcher) && !isInput($1.ids, matcher) }
                let inputs = all.flatMap { [$0.table, $0.ids] }
                if graph.rewriteNode(at: position, EmbeddingOp(tableCount: all.count), inputs) { count += 1 }
            } else if let norm = node.op as? LayerNormOp, norm.axis == -1, let x = node.inputs[0],
                matcher.isUsedOnce(x), node.inputs.count < 4 || node.inputs[3] == nil
            {
                let (gamma, beta) = (
                    node.inputs.count > 1 ? node.inputs[1] : nil, node.inputs.count > 2 ? node.inputs[2] : nil
                )
                let embedding = matcher.match(x, EmbeddingOp.self)
                guard let embedding, embedding.op.epsilon == nil else { continue }
                var op = embedding.op
                op.epsilon = norm.epsilon
                if graph.rewriteNode(at: position, op, embedding.inputs.prefix(2 * op.tableCount) + [gamma, beta]) {
                    count += 1
                }
            }
        }
        return count
    }

    private func isInput(_ id: ValueID?, _ matcher: GraphMatcher) -> Bool {
        matcher.graph.inputs.contains { $0.value == id }
    }

    /// The tables and ids behind a value that is used once.
    private func tables(_ id: ValueID, _ matcher: GraphMatcher) -> [(table: ValueID, ids: ValueID?)]? {
        guard matcher.isUsedOnce(id) else { return nil }
        if let (op, inputs) = matcher.match(id, EmbeddingOp.self), op.epsilon == nil {
            return (0..<op.tableCount).compactMap { table in
                inputs[2 * table].map { ($0, inputs[2 * table + 1]) }
            }
        }
        guard let (op, inputs) = matcher.match(id, GatherOp.self), op.axis == 0, let table = inputs[0],
            let constant = matcher.constant(table), constant.rank == 2, constant.dtype == .float32, let ids = inputs[1],
            [.int32, .int64].contains(matcher.graph.type(ids).dtype), matcher.graph.type(ids).rank ?? 0 > 0
        else { return nil }
        return [(table, ids)]
    }
}
