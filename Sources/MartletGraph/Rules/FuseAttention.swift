import MartletTensor

/// merge(softmax(s · split(q) × split(k)ᵀ + m) × split(v)) = Attention(q, k, v, bias m), where split cuts the last axis into
/// heads and merge joins them.
///
/// The scale may stand on q, on k, on both, or on the scores, as product or quotient; the mask may be added, or chosen
/// by `Where` with a number below -1e30, which after softmax is the same.
package struct FuseAttention: GraphRule {
    package static let name = "fuse_attention"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        var added: [Int: [Graph.Node]] = [:]
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard node.op is ReshapeOp, let found = AttentionPattern(node, matcher) else { continue }
            var before: [Graph.Node] = []
            var bias: ValueID?
            for mask in found.masks {
                guard let next = try mask.bias(in: &graph, &before) else { continue }
                if let sum = bias {
                    let node = try graph.makeNode(BinaryOp(.add), [sum, next])
                    before.append(node)
                    bias = node.outputs[0]
                } else {
                    bias = next
                }
            }
            let op = AttentionOp(heads: found.heads, scale: Float(found.scale))
            guard graph.rewriteNode(at: position, op, [found.q, found.k, found.v, bias, nil, nil]) else { continue }
            added[position] = before
            count += 1
        }
        if added.values.contains(where: { !$0.isEmpty }) {
            graph.replaceNodes(graph.nodes.enumerated().flatMap { (added[$0.offset] ?? []) + [$0.element] })
        }
        return count
    }
}

/// What stands in the place of an attention op, spelled out.
struct AttentionPattern {
    /// One term of what is added to the scores.
    enum Mask {
        case added(ValueID)
        /// `value` where the condition holds (or does not, if `isInverted`).
        case chosen(condition: ValueID, value: Tensor, isInverted: Bool)
    }

    private(set) var q: ValueID
    private(set) var k: ValueID
    private(set) var v: ValueID
    private(set) var heads: Int
    private(set) var scale: Double
    private(set) var masks: [Mask] = []

    /// `root` is the reshape that joins the heads.
    init?(_ root: Graph.Node, _ matcher: GraphMatcher) {
        let graph = matcher.graph
        guard let (turn, turned) = matcher.match(root.inputs[0], TransposeOp.self), turn.permutation == [0, 2, 1, 3],
            let (_, product) = matcher.match(turned[0], MatMulOp.self), let weights = product[0],
            let values = product[1],
            let joined = graph.type(root.outputs[0]).shape, joined.count == 3,
            let split = graph.type(turned[0] ?? weights).shape, split.count == 4, let heads = split[1].fixedValue,
            let width = split[3].fixedValue, joined[2] == .fixed(heads * width), joined[0].isSame(as: split[0]),
            joined[1].isSame(as: split[2]),
            let value = Self.heads(values, [0, 2, 1, 3], heads, matcher), value.factor == 1
        else { return nil }
        var scores: ValueID?
        if let (softmax, inputs) = matcher.match(Self.withoutNaNGuard(weights, matcher), SoftmaxOp.self),
            !softmax.logarithm, softmax.axis == -1 || softmax.axis == 3
        {
            scores = inputs[0]
        }
        guard var current = scores else { return nil }
        var factor = 1.0
        var masks: [Mask] = []
        for _ in 0..<8 {
            if let (_, inputs) = matcher.match(current, MatMulOp.self) {
                guard let left = inputs[0], let right = inputs[1],
                    let query = Self.heads(left, [0, 2, 1, 3], heads, matcher),
                    let key = Self.heads(right, [0, 2, 3, 1], heads, matcher),
                    // The op takes heads of one width only.
                    graph.type(query.source).shape?.last == joined[2]
                else { return nil }
                q = query.source
                k = key.source
                v = value.source
                self.heads = heads
                scale = factor * query.factor * key.factor
                self.masks = masks
                return
            }
            if let (base, number) = Self.scaled(current, matcher) {
                factor *= number
                current = base
            } else if let (a, b) = matcher.binary(current, .add) {
                // What is added inside of a scale is scaled with it.
                guard factor == 1, let next = Self.scoresSide(a, b, matcher) else { return nil }
                masks.append(.added(next.other))
                current = next.scores
            } else if let (_, inputs) = matcher.match(current, WhereOp.self), factor == 1, let condition = inputs[0],
                let x = inputs[1], let y = inputs[2]
            {
                if let low = Self.low(y, matcher) {
                    masks.append(.chosen(condition: condition, value: low, isInverted: true))
                    current = x
                } else if let low = Self.low(x, matcher) {
                    masks.append(.chosen(condition: condition, value: low, isInverted: false))
                    current = y
                } else {
                    return nil
                }
            } else {
                return nil
            }
        }
        return nil
    }

    /// s for Where(IsNaN(s), 0, s): attention gives zeros there by itself.
    private static func withoutNaNGuard(_ id: ValueID, _ matcher: GraphMatcher) -> ValueID {
        guard let (_, inputs) = matcher.match(id, WhereOp.self), matcher.uniform(inputs[1]) == 0, let kept = inputs[2],
            let (_, tested) = matcher.match(inputs[0], IsNaNOp.self), tested[0] == kept
        else { return id }
        return kept
    }

    /// The source [batch, tokens, heads · d] that was cut into heads and put in order `permutation`, and the factor that it
    /// was multiplied by on the way.
    private static func heads(
        _ id: ValueID, _ permutation: [Int], _ heads: Int, _ matcher: GraphMatcher
    ) -> (source: ValueID, factor: Double)? {
        var factor = 1.0
        var order = [0, 1, 2, 3]
        var current = id
        for _ in 0..<8 {
            if let (base, number) = scaled(current, matcher) {
                factor *= number
                current = base
            } else if let (op, inputs) = matcher.match(current, TransposeOp.self), let p = op.permutation, p.count == 4,
                let x = inputs[0]
            {
                order = order.map { p[$0] }
                current = x
            } else if let (_, inputs) = matcher.match(current, ReshapeOp.self), let x = inputs[0] {
                guard order == permutation, let from = matcher.graph.type(x).shape,
                    let to = matcher.graph.type(current).shape, from.count == 3, to.count == 4,
                    to[2] == .fixed(heads), let width = to[3].fixedValue, from[2] == .fixed(heads * width),
                    from[0].isSame(as: to[0]), from[1].isSame(as: to[1])
                else { return nil }
                current = x
                while let (base, number) = scaled(current, matcher) {
                    factor *= number
                    current = base
                }
                return (current, factor)
            } else {
                return nil
            }
        }
        return nil
    }

    /// x and c for x · c or x / c with a uniform constant.
    private static func scaled(_ id: ValueID, _ matcher: GraphMatcher) -> (ValueID, Double)? {
        if let (a, b) = matcher.binary(id, .mul) {
            if let number = matcher.uniform(b), matcher.keepsShape(id, of: a) { return (a, number) }
            if let number = matcher.uniform(a), matcher.keepsShape(id, of: b) { return (b, number) }
        }
        if let (a, b) = matcher.binary(id, .div), let number = matcher.uniform(b), number != 0,
            matcher.keepsShape(id, of: a)
        {
            return (a, 1 / number)
        }
        return nil
    }

    /// Which side of a sum leads on to the product of q and k, and what is added to it.
    private static func scoresSide(
        _ a: ValueID, _ b: ValueID, _ matcher: GraphMatcher
    ) -> (scores: ValueID, other: ValueID)? {
        func leadsToProduct(_ id: ValueID) -> Bool {
            var current = id
            for _ in 0..<8 {
                if matcher.match(current, MatMulOp.self) != nil { return true }
                if let (base, _) = scaled(current, matcher) {
                    current = base
                } else if let (x, y) = matcher.binary(current, .add) {
                    current = matcher.graph.type(x).rank == 4 && matcher.constant(x) == nil ? x : y
                } else if let (_, inputs) = matcher.match(current, WhereOp.self), let x = inputs[1], let y = inputs[2] {
                    current = matcher.constant(y) == nil ? y : x
                } else {
                    return false
                }
            }
            return false
        }
        let rank = { (id: ValueID) in matcher.graph.type(id).rank ?? 99 }
        if leadsToProduct(a), rank(b) <= 4 { return (a, b) }
        if leadsToProduct(b), rank(a) <= 4 { return (b, a) }
        return nil
    }

    /// A uniform constant so low that softmax makes it zero.
    private static func low(_ id: ValueID, _ matcher: GraphMatcher) -> Tensor? {
        guard let number = matcher.uniform(id), number <= -1e30, let tensor = matcher.constant(id) else { return nil }
        return Tensor(scalar: Float(number)).dtype == tensor.dtype ? Tensor(scalar: Float(number)) : nil
    }
}

extension AttentionPattern.Mask {
    /// The value to add to the scores; new nodes are appended to `nodes`. nil for a constant zero.
    func bias(in graph: inout Graph, _ nodes: inout [Graph.Node]) throws -> ValueID? {
        switch self {
        case .added(let id):
            return id
        case .chosen(let condition, let value, let isInverted):
            let zero = graph.addConstant(Tensor(scalar: Float(0)))
            let low = graph.addConstant(value)
            let node = try graph.makeNode(
                WhereOp(), isInverted ? [condition, zero, low] : [condition, low, zero])
            nodes.append(node)
            return node.outputs[0]
        }
    }
}
