import MartletTensor

/// Conv(x) + r = Conv(x, residual r); f(Conv(x)) = Conv(x, act=f) for the activations that kernels know, after a residual too;
/// f(Conv(x)) · a + b = Conv(x, act=f, scale=a, shift=b) for numbers.
package struct FuseConv: GraphRule {
    package static let name = "fuse_conv"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        var matcher = GraphMatcher(graph)
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            guard let (op, inputs) = fused(node, matcher), graph.rewriteNode(at: position, op, inputs) else { continue }
            count += 1
            matcher = GraphMatcher(graph)
        }
        return count
    }

    private func fused(_ node: Graph.Node, _ matcher: GraphMatcher) -> (ConvOp, [ValueID?])? {
        if let op = node.op as? UnaryOp, ConvOp.activations[op.kind] != nil, let x = node.inputs[0],
            matcher.isUsedOnce(x), let (conv, inputs) = matcher.match(x, ConvOp.self), conv.activation == nil,
            conv.scale == 1, conv.shift == 0
        {
            var fused = conv
            fused.activation = op
            return (fused, inputs)
        }
        guard let op = node.op as? BinaryOp, let a = node.inputs[0], let b = node.inputs[1], a != b else { return nil }
        for (main, other) in [(a, b), (b, a)] {
            guard matcher.isUsedOnce(main), let (conv, inputs) = matcher.match(main, ConvOp.self),
                conv.activation != nil || inputs.count > 3, let number = number(other, main, matcher)
            else { continue }
            var fused = conv
            switch op.kind {
            case .mul: (fused.scale, fused.shift) = (conv.scale * number, conv.shift * number)
            case .div where main == a && number != 0:
                (fused.scale, fused.shift) = (conv.scale / number, conv.shift / number)
            case .add: fused.shift += number
            case .sub where main == a: fused.shift -= number
            default: continue
            }
            return (fused, inputs)
        }
        guard op.kind == .add else { return nil }
        for (main, other) in [(a, b), (b, a)] {
            guard matcher.isUsedOnce(main), let (conv, inputs) = matcher.match(main, ConvOp.self),
                conv.activation == nil, conv.scale == 1, conv.shift == 0, inputs.count <= 3,
                keepsShape(main, other, matcher.graph)
            else { continue }
            return (conv, inputs + [ValueID?](repeating: nil, count: 3 - inputs.count) + [other])
        }
        return nil
    }

    /// A constant of one element that adds no axis to `main`.
    private func number(_ id: ValueID, _ main: ValueID, _ matcher: GraphMatcher) -> Float? {
        guard let tensor = matcher.constant(id), tensor.dtype == .float32, tensor.count == 1,
            tensor.rank <= matcher.graph.type(main).rank ?? -1
        else { return nil }
        let number = tensor.values(Float.self)[0]
        return number.isFinite ? number : nil
    }

    /// Whether, as far as is known, adding `other` does not stretch `main`. If it does when run, the op takes a slow path.
    private func keepsShape(_ main: ValueID, _ other: ValueID, _ graph: Graph) -> Bool {
        guard let shape = graph.type(main).shape, let added = graph.type(other).shape, added.count == shape.count else {
            return false
        }
        return zip(shape, added).allSatisfy { $0 != .fixed(1) || $1 == .fixed(1) }
            && zip(shape, added).allSatisfy { $1 != .fixed(1) || $0 == .fixed(1) }
    }
}
