import MartletTensor

/// x + x · g = x · (g + 1) where g has fewer elements than x: one pass over x instead of two.
package struct FactorSum: GraphRule {
    package static let name = "factor_sum"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? BinaryOp, op.kind == .add, let a = node.inputs[0], let b = node.inputs[1],
                graph.type(node.outputs[0]).dtype == .float32
            else { continue }
            for (x, product) in [(a, b), (b, a)] {
                guard matcher.isUsedOnce(product), let place = matcher.position(product),
                    let (left, right) = matcher.binary(product, .mul), left != right, left == x || right == x
                else { continue }
                let gate = left == x ? right : left
                guard isSmaller(gate, than: x, graph) else { continue }
                let one = graph.addConstant(Tensor(scalar: Float(1)))
                guard graph.rewriteNode(at: place, BinaryOp(.add), [gate, one]),
                    graph.rewriteNode(at: position, BinaryOp(.mul), [x, product])
                else { continue }
                count += 1
                break
            }
        }
        return count
    }

    /// Whether the gate repeats along an axis of x, and adds none.
    private func isSmaller(_ gate: ValueID, than x: ValueID, _ graph: Graph) -> Bool {
        guard let shape = graph.type(x).shape, let small = graph.type(gate).shape, small.count == shape.count else {
            return false
        }
        return zip(small, shape).contains { $0 == .fixed(1) && $1 != .fixed(1) }
            && zip(small, shape).allSatisfy { $0 == .fixed(1) || $0.isSame(as: $1) }
    }
}
