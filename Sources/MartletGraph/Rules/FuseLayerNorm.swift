import MartletTensor

/// d / sqrt(mean(d²) + eps) with d = x - mean(x), all along the last axis, = LayerNorm(x, eps). Scale and shift follow by
/// `fuse_bias`. Also spelled d · reciprocal(sqrt(…)), d · rsqrt(…), with d² as a product or a power.
package struct FuseLayerNorm: GraphRule {
    package static let name = "fuse_layer_norm"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? BinaryOp, graph.type(node.outputs[0]).dtype == .float32, let a = node.inputs[0],
                let b = node.inputs[1], let (x, epsilon) = norm(op.kind, a, b, matcher)
            else { continue }
            if graph.rewriteNode(at: position, LayerNormOp(epsilon: Float(epsilon)), [x, nil, nil, nil]) { count += 1 }
        }
        return count
    }

    private func norm(
        _ kind: BinaryOp.Kind, _ a: ValueID, _ b: ValueID, _ matcher: GraphMatcher
    ) -> (ValueID, Double)? {
        switch kind {
        case .div:
            guard let sum = squareRoot(b, matcher) else { return nil }
            return centred(a, sum, matcher)
        case .mul:
            for (difference, inverse) in [(a, b), (b, a)] {
                var sum = matcher.unary(inverse, .rsqrt)
                if let root = matcher.unary(inverse, .reciprocal) { sum = squareRoot(root, matcher) }
                if let (one, root) = matcher.binary(inverse, .div), matcher.uniform(one) == 1 {
                    sum = squareRoot(root, matcher)
                }
                if let sum, let found = centred(difference, sum, matcher) { return found }
            }
            return nil
        default: return nil
        }
    }

    private func squareRoot(_ id: ValueID, _ matcher: GraphMatcher) -> ValueID? {
        if let x = matcher.unary(id, .sqrt) { return x }
        guard let (x, power) = matcher.binary(id, .pow), matcher.uniform(power) == 0.5 else { return nil }
        return x
    }

    /// x and eps, if `difference` is x - mean(x) and `sum` is mean(difference²) + eps.
    private func centred(_ difference: ValueID, _ sum: ValueID, _ matcher: GraphMatcher) -> (ValueID, Double)? {
        guard let (x, mean) = matcher.binary(difference, .sub), isMean(mean, of: [x], matcher),
            let (p, q) = matcher.binary(sum, .add)
        else { return nil }
        for (variance, epsilon) in [(p, q), (q, p)] {
            guard let number = matcher.uniform(epsilon), number >= 0, let source = meanInput(variance, matcher) else {
                continue
            }
            let product = Product(source, matcher)
            let differences = product.factors
            // The second difference may be a node of its own.
            let isSquare =
                product.coefficient == 1 && differences.count == 2
                && differences.allSatisfy { id in
                    id == difference
                        || matcher.binary(id, .sub).map { $0.0 == x && isMean($0.1, of: [x], matcher) } ?? false
                }
            if isSquare { return (x, number) }
        }
        return nil
    }

    private func isMean(_ id: ValueID, of inputs: [ValueID], _ matcher: GraphMatcher) -> Bool {
        meanInput(id, matcher).map(inputs.contains) ?? false
    }

    /// x, if the value is the mean of x along the last axis, kept.
    private func meanInput(_ id: ValueID, _ matcher: GraphMatcher) -> ValueID? {
        guard let (op, inputs) = matcher.match(id, ReduceOp.self), op.kind == .mean, op.keepDims, let x = inputs[0],
            let rank = matcher.graph.type(x).rank,
            let axes = try? op.reducedAxes(inputs.map { $0.map(matcher.graph.info) }, rank: rank), axes == [rank - 1]
        else { return nil }
        return x
    }
}
