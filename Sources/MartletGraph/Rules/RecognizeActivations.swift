import MartletTensor

/// x · 0.5 · (1 + erf(x / √2)) = gelu(x); x · 0.5 · (1 + tanh(√(2/π) · (x + 0.044715 x³))) = gelu_tanh(x);
/// x · sigmoid(x) = silu(x): each in whatever order the exporter multiplied.
package struct RecognizeActivations: GraphRule {
    package static let name = "recognize_activations"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? BinaryOp, op.kind == .mul || op.kind == .div,
                graph.type(node.outputs[0]).dtype == .float32, let (kind, x) = activation(node.outputs[0], matcher),
                matcher.keepsShape(node.outputs[0], of: x)
            else { continue }
            if graph.rewriteNode(at: position, UnaryOp(kind), [x]) { count += 1 }
        }
        return count
    }

    private func activation(_ id: ValueID, _ matcher: GraphMatcher) -> (UnaryOp.Kind, ValueID)? {
        let product = Product(id, matcher)
        guard product.factors.count == 2 else { return nil }
        for (x, gate) in [(product.factors[0], product.factors[1]), (product.factors[1], product.factors[0])] {
            if product.equals(1, [x, gate]), matcher.unary(gate, .sigmoid) == x { return (.silu, x) }
            guard product.equals(0.5, [x, gate]), let inner = plusOne(gate, matcher) else { continue }
            if let argument = matcher.unary(inner, .erf),
                Product(argument, matcher).equals(0.5.squareRoot(), [x])
            {
                return (.geluErf, x)
            }
            if let argument = matcher.unary(inner, .tanh), isCubic(argument, of: x, matcher) { return (.geluTanh, x) }
        }
        return nil
    }

    /// a for a + 1.
    private func plusOne(_ id: ValueID, _ matcher: GraphMatcher) -> ValueID? {
        guard let (a, b) = matcher.binary(id, .add) else { return nil }
        if matcher.uniform(b) == 1 { return a }
        return matcher.uniform(a) == 1 ? b : nil
    }

    /// √(2/π) · (x + 0.044715 x³), or with x taken out of the sum.
    private func isCubic(_ id: ValueID, of x: ValueID, _ matcher: GraphMatcher) -> Bool {
        let scale = (2 / Double.pi).squareRoot()
        let product = Product(id, matcher)
        if product.factors.count == 1, product.equals(scale, product.factors),
            let (a, b) = matcher.binary(product.factors[0], .add)
        {
            return a == x && Product(b, matcher).equals(0.044715, [x, x, x])
                || b == x && Product(a, matcher).equals(0.044715, [x, x, x])
        }
        guard let sum = product.factors.first(where: { $0 != x }), product.equals(scale, [x, sum]),
            let square = plusOne(sum, matcher)
        else { return false }
        return Product(square, matcher).equals(0.044715, [x, x])
    }
}
