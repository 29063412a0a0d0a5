import MartletTensor

/// f(float(x = (0, 1, …, n - 1)) × W + b) = row x of f(W + b), and f(b) where x is none of the numbers: what each number gives is
/// computed once, by the product itself.
package struct FuseOneHot: GraphRule {
    package static let name = "fuse_one_hot"
    /// Rows of a table: each is computed from a row as long as all of them.
    private let maximumCount = 1024
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        let matcher = GraphMatcher(graph)
        for (position, node) in graph.nodes.enumerated() {
            guard let op = node.op as? LinearOp, op.weightCount == 1,
                op.residualInput >= node.inputs.count || node.inputs[op.residualInput] == nil,
                let (numbers, length) = oneHot(node.inputs[0], matcher),
                let table = table(op, node.inputs, length, matcher)
            else { continue }
            if graph.rewriteNode(at: position, NumberedRowsOp(), [numbers, graph.addConstant(table)]) { count += 1 }
        }
        return count
    }

    /// The numbers […, 1] of which a value […, n] marks each place.
    private func oneHot(_ id: ValueID?, _ matcher: GraphMatcher) -> (numbers: ValueID, length: Int)? {
        guard let (cast, inner) = matcher.match(id, CastOp.self), cast.dtype == .float32,
            let (compare, sides) = matcher.match(inner[0], CompareOp.self), compare.kind == .eq,
            let a = sides[0], let b = sides[1]
        else { return nil }
        for (numbers, places) in [(a, b), (b, a)] {
            let type = matcher.graph.type(numbers)
            guard type.dtype == .int32 || type.dtype == .int64, type.shape?.last == .fixed(1),
                let counted = matcher.constant(places), let length = counted.shape.last, length == counted.count,
                length > 1, length <= maximumCount, counted.rank <= type.rank ?? 0,
                counted.aligned().integerValues() == Array(0..<length)
            else { continue }
            return (numbers, length)
        }
        return nil
    }

    /// What the product makes of each number, and of none, last.
    private func table(_ op: LinearOp, _ inputs: [ValueID?], _ length: Int, _ matcher: GraphMatcher) -> Tensor? {
        var constants = inputs.map { $0.flatMap(matcher.graph.constant) }
        guard zip(inputs, constants).dropFirst().allSatisfy({ $0 == nil || $1 != nil }) else { return nil }
        var marks = [Float](repeating: 0, count: (length + 1) * length)
        for number in 0..<length { marks[number * length + number] = 1 }
        constants[0] = Tensor(marks, shape: [length + 1, length])
        guard let prepared = try? op.prepare([nil] + constants.dropFirst()) as AnyObject??,
            let result = try? RunContext(limits: .folding).runAlone(op, constants, prepared: prepared, name: "")
        else { return nil }
        return result[0].owningHandles()
    }
}
