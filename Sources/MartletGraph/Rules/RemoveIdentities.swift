import MartletTensor

/// x = Identity(x) = Reshape(x, shape of x) = Transpose(x, identity) = Cast(x, type of x) = x + 0 = x - 0 = x · 1 = x / 1 =
/// Concat(x); Reshape(Reshape(x, a), b) = Reshape(x, b); Transpose(Transpose(x, p), q) = Transpose(x, p∘q).
package struct RemoveIdentities: GraphRule {
    package static let name = "remove_identities"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        var map: [ValueID: ValueID] = [:]
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() where node.outputs.count == 1 {
            if let same = identical(node, matcher) {
                map[node.outputs[0]] = same
                count += 1
            } else if let (op, input) = merged(node, matcher) {
                if graph.rewriteNode(at: position, op, [input]) { count += 1 }
            }
        }
        guard count > 0 else { return 0 }
        graph.replaceNodes(graph.nodes.filter { map[$0.outputs[0]] == nil || $0.outputs.count > 1 })
        graph.replaceUses(map)
        return count
    }

    /// The input that the node's output equals.
    private func identical(_ node: Graph.Node, _ matcher: GraphMatcher) -> ValueID? {
        let result = node.outputs[0]
        guard let x = node.inputs.first ?? nil else { return nil }
        let isSameType = matcher.keepsShape(result, of: x)
        switch node.op {
        case is IdentityOp: return x
        case is ReshapeOp, is SqueezeOp, is UnsqueezeOp, is FlattenOp, is ExpandOp, is TileOp:
            return isSameType ? x : nil
        case let op as SliceOp:
            guard isSameType, let shape = matcher.graph.type(x).shape, let ranges = op.ranges else { return nil }
            let isWhole = ranges.allSatisfy { range in
                let axis = range.axis < 0 ? range.axis + shape.count : range.axis
                guard range.step == 1, range.start == .fixed(0), shape.indices.contains(axis) else { return false }
                return range.end == shape[axis]
                    || range.end.fixedValue ?? 0 >= shape[axis].fixedValue ?? SliceOp.wholeAxis
            }
            return isWhole ? x : nil
        case let op as TransposeOp:
            guard let rank = matcher.graph.type(x).rank else { return nil }
            return (op.permutation ?? Array((0..<rank).reversed())) == Array(0..<rank) ? x : nil
        case let op as CastOp: return op.dtype == matcher.graph.type(x).dtype ? x : nil
        case is ConcatOp: return node.inputs.count == 1 ? x : nil
        case let op as BinaryOp:
            guard let y = node.inputs[1] else { return nil }
            let neutral: Double? =
                switch op.kind {
                case .add, .sub: 0
                case .mul, .div, .pow: 1
                default: nil
                }
            guard let neutral else { return nil }
            if matcher.keepsShape(result, of: x), matcher.uniform(y) == neutral { return x }
            if op.kind == .add || op.kind == .mul, matcher.keepsShape(result, of: y), matcher.uniform(x) == neutral {
                return y
            }
            return nil
        default: return nil
        }
    }

    private func merged(_ node: Graph.Node, _ matcher: GraphMatcher) -> (any GraphOp, ValueID)? {
        if let outer = node.op as? ReshapeOp, let target = outer.target, let input = node.inputs[0],
            let inner = matcher.node(input), inner.op is ReshapeOp || inner.op is UnsqueezeOp || inner.op is SqueezeOp,
            let x = inner.inputs[0]
        {
            // A 0 would copy from another shape: take the known dimension instead.
            let type = matcher.graph.type(node.outputs[0])
            var known = target
            for (axis, dim) in target.enumerated() where dim == .fixed(0) && !outer.allowZero {
                guard let actual = type.shape?[axis], actual != .unknown, actual != .fixed(0) else { return nil }
                known[axis] = actual
            }
            return (ReshapeOp(known, allowZero: outer.allowZero), x)
        }
        if let outer = node.op as? TransposeOp, let (inner, inputs) = matcher.match(node.inputs[0], TransposeOp.self),
            let p = inner.permutation, let q = outer.permutation, let x = inputs[0], p.count == q.count,
            q.allSatisfy(p.indices.contains)
        {
            return (TransposeOp(q.map { p[$0] }), x)
        }
        return nil
    }
}
