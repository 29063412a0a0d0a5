import MartletTensor

/// x × W = Linear(x, W) for a constant matrix W, x × transpose(W) = Linear(x, W transposed), and Gemm(x, W, b) without
/// scaling = Linear(x, W, b).
package struct FuseLinear: GraphRule {
    package static let name = "fuse_linear"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let (op, inputs) = linear(node, matcher, &graph) else { continue }
            if graph.rewriteNode(at: position, op, inputs) { count += 1 }
        }
        return count
    }

    private func linear(
        _ node: Graph.Node, _ matcher: GraphMatcher, _ graph: inout Graph
    ) -> (LinearOp, [ValueID?])? {
        guard node.inputs.count >= 2, let x = node.inputs[0], matcher.constant(x) == nil,
            matcher.graph.type(x).dtype == .float32, matcher.graph.type(x).rank != nil
        else { return nil }
        switch node.op {
        case is MatMulOp:
            if let weight = matcher.constant(node.inputs[1]), weight.rank == 2 {
                return (LinearOp(isTransposed: false), [x, node.inputs[1], nil])
            }
            guard let (transpose, inputs) = matcher.match(node.inputs[1], TransposeOp.self),
                let weight = matcher.constant(inputs[0]), weight.rank == 2,
                (transpose.permutation ?? [1, 0]) == [1, 0]
            else { return nil }
            return (LinearOp(isTransposed: true), [x, inputs[0], nil])
        case let gemm as GemmOp:
            guard gemm.alpha == 1, gemm.beta == 1, !gemm.transposeA, let weight = matcher.constant(node.inputs[1]),
                weight.rank == 2
            else { return nil }
            let columns = weight.shape[gemm.transposeB ? 0 : 1]
            var bias: ValueID?
            if node.inputs.count > 2, let given = node.inputs[2] {
                guard let vector = matcher.lastAxisVector(given, length: columns) else { return nil }
                bias = vector.shape == matcher.constant(given)?.shape ? given : graph.addConstant(vector)
            }
            return (LinearOp(isTransposed: gemm.transposeB), [x, node.inputs[1], bias])
        default: return nil
        }
    }
}
