extension LogicalNode {
    /// The first broken invariant of this plan, nil if there is none: every column that a node reads is passed to it, with
    /// the type it expects, and no node gives one id twice.
    package var problem: String? {
        for child in inputs + bodies + preparations { if let problem = child.problem { return problem } }
        var seen: Set<ColumnID> = []
        for column in columns where !seen.insert(column.id).inserted {
            return "\(title) gives #\(column.id.number) twice"
        }
        let known = Dictionary(inputs.flatMap(\.columns).map { ($0.id, $0.type) }) { first, _ in first }
        for expr in ownExpressions {
            var wrong: String?
            expr.visit { part in
                guard case .column(let id, let type) = part else { return }
                if known[id] == nil { wrong = "\(title) reads #\(id.number), which is not there" }
                if let given = known[id], given != type {
                    wrong = "\(title) takes #\(id.number) for \(type.text), it is \(given.text)"
                }
            }
            if let wrong { return wrong }
        }
        return nil
    }

    /// The expressions over exactly the input's columns.
    private var ownExpressions: [BoundExpr] {
        switch self {
        case .filter(let node): [node.predicate]
        case .extend(let node): node.computed.map(\.expr)
        case .project(let node): node.outputs.map(\.expr)
        case .sort(let node): node.keys.map { .column($0.column.id, $0.column.type) }
        case .infer(let node): node.call.arguments + (node.recurrence?.key.map { [$0] } ?? [])
        case .route(let node): node.arms.compactMap(\.condition)
        case .aggregate(let node): node.groups.map(\.expr) + node.aggregates.flatMap(\.call.arguments)
        case .assert(let node): [node.predicate]
        case .unnest(let node): [node.value]
        case .join(let node): node.keys.flatMap { [$0.left, $0.right] } + (node.condition.map { [$0] } ?? [])
        case .nearest(let node): [node.query, node.document]
        case .load, .values, .table, .shared, .hole, .limit, .cascade, .distinct, .union, .sample, .write, .fail,
            .drop:
            []
        }
    }
}
