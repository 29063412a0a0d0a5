import MartletTensor

/// x · 0.5 · (1 + erf(x / √2)) = gelu(x); x · 0.5 · (1 + tanh(√(2/π) · (x + 0.044715 x³))) = gelu_tanh(x);
/// x · sigmoid(x) = silu(x); clip(x + 3, 0, 6) ⁄ 6 = hard_sigmoid(x, 1⁄6, 1⁄2) and x times that = hard_swish(x): each in whatever
/// order the exporter multiplied. Clip with constant bounds is an elementwise function.
package struct RecognizeActivations: GraphRule {
    package static let name = "recognize_activations"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            if let (clip, x) = clip(node, matcher), graph.rewriteNode(at: position, clip, [x]) {
                count += 1
                continue
            }
            guard let op = node.op as? BinaryOp, op.kind == .mul || op.kind == .div,
                graph.type(node.outputs[0]).dtype == .float32, let (unary, x) = activation(node.outputs[0], matcher),
                matcher.keepsShape(node.outputs[0], of: x) || matcher.isPointwise(node.outputs[0], of: x)
            else { continue }
            if graph.rewriteNode(at: position, unary, [x]) { count += 1 }
        }
        return count
    }

    /// Clip by constant scalars, of float32.
    private func clip(_ node: Graph.Node, _ matcher: GraphMatcher) -> (UnaryOp, ValueID)? {
        guard node.op is ClipOp, let x = node.inputs[0], matcher.graph.type(x).dtype == .float32 else { return nil }
        var bounds: [Float] = []
        for (index, open) in [(1, -Float.infinity), (2, Float.infinity)] {
            guard index < node.inputs.count, let id = node.inputs[index] else {
                bounds.append(open)
                continue
            }
            guard let tensor = matcher.constant(id), tensor.dtype == .float32, tensor.count == 1 else { return nil }
            bounds.append(tensor.values(Float.self)[0])
        }
        return (UnaryOp(.clip, a: bounds[0], b: bounds[1]), x)
    }

    private func activation(_ id: ValueID, _ matcher: GraphMatcher) -> (UnaryOp, ValueID)? {
        let product = Product(id, matcher)
        if product.factors.count == 1, product.equals(1.0 / 6, product.factors),
            let x = clipped(product.factors[0], matcher)
        {
            return (UnaryOp(.hardSigmoid, a: 1 / 6, b: 0.5), x)
        }
        guard product.factors.count == 2 else { return nil }
        for (x, gate) in [(product.factors[0], product.factors[1]), (product.factors[1], product.factors[0])] {
            if product.equals(1, [x, gate]), matcher.unary(gate, .sigmoid) == x { return (UnaryOp(.silu), x) }
            if product.equals(1.0 / 6, [x, gate]), clipped(gate, matcher) == x { return (UnaryOp(.hardSwish), x) }
            if product.equals(1, [x, gate]), isHardSigmoid(gate, of: x, matcher) { return (UnaryOp(.hardSwish), x) }
            guard product.equals(0.5, [x, gate]), let inner = plusOne(gate, matcher) else { continue }
            if let argument = matcher.unary(inner, .erf),
                Product(argument, matcher).equals(0.5.squareRoot(), [x])
            {
                return (UnaryOp(.geluErf), x)
            }
            if let argument = matcher.unary(inner, .tanh), isCubic(argument, of: x, matcher) {
                return (UnaryOp(.geluTanh), x)
            }
        }
        return nil
    }

    /// x for clip(x + 3, 0, 6).
    private func clipped(_ id: ValueID, _ matcher: GraphMatcher) -> ValueID? {
        guard let (op, inputs) = matcher.match(id, UnaryOp.self), op.kind == .clip, op.a == 0, op.b == 6,
            let (a, b) = inputs[0].flatMap({ matcher.binary($0, .add) })
        else { return nil }
        if matcher.uniform(b) == 3 { return a }
        return matcher.uniform(a) == 3 ? b : nil
    }

    /// hard_sigmoid(x, 1⁄6, 1⁄2)
    private func isHardSigmoid(_ id: ValueID, of x: ValueID, _ matcher: GraphMatcher) -> Bool {
        guard let (op, inputs) = matcher.match(id, UnaryOp.self), op.kind == .hardSigmoid, inputs[0] == x else {
            return false
        }
        return abs(op.a - 1 / 6) < 1e-6 && op.b == 0.5
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
