/// pow(x, 2) = x · x for floats: exact to one rounding, which a general power is not, and many times as fast.
package struct SquarePowers: GraphRule {
    package static let name = "square_powers"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? BinaryOp, op.kind == .pow, let x = node.inputs[0], let exponent = node.inputs[1],
                graph.type(x).dtype.isFloat, let constant = graph.constant(exponent), constant.count == 1,
                constant.rank <= graph.type(x).rank ?? 0, matcher.uniform(exponent) == 2
            else { continue }
            if graph.rewriteNode(at: position, BinaryOp(.mul), [x, x]) { count += 1 }
        }
        return count
    }
}
