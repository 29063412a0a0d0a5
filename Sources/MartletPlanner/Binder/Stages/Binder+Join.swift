import MartletData
import MartletSyntax

extension Binder {
    func bindJoin(
        _ relation: Relation, isLeft: Bool, on condition: Expr, _ pipeline: inout Pipeline,
        _ locals: [String: BoundExpr]
    ) {
        guard let (node, name, entries) = bindBeside(relation, stage: isLeft ? "left join" : "join", pipeline) else {
            pipeline.isComplete = false
            return
        }
        var scope = pipeline.scope
        scope.entries += entries
        let context = ExprContext(scope: scope, models: .forbidden("`on`"), locals: locals)
        guard let bound = bindCondition(condition, context, of: "join") else { return }
        let left = Set(pipeline.node.columns.map(\.id))
        let right = Set(node.columns.map(\.id))
        var keys: [JoinKey] = []
        var others: [BoundExpr] = []
        for part in bound.conjuncts {
            if let key = key(part, left, right) { keys.append(key) } else { others.append(part) }
        }
        guard !keys.isEmpty else {
            let example = entries.first.map { "\(spelled(name ?? "relation")).\(spelled($0.name))" } ?? "…"
            return report(
                .wrongArgument, "`join` needs an equality between the rows here and the relation", at: condition.span,
                help: "`on … = \(example)`; other conditions may follow with `and`",
                notes: ["a name that both sides have means the column here; the relation's is `relation.column`"])
        }
        pipeline.node = .join(
            JoinNode(
                input: pipeline.node, relation: node, name: name, isLeft: isLeft, keys: keys,
                condition: others.isEmpty ? nil : .all(others)))
        pipeline.scope.entries += entries
    }

    /// `a = b` with a value of each side.
    private func key(_ part: BoundExpr, _ left: Set<ColumnID>, _ right: Set<ColumnID>) -> JoinKey? {
        guard case .call(let call) = part, call.function.name == "=", call.arguments.count == 2 else { return nil }
        func isOf(_ side: Set<ColumnID>, _ expr: BoundExpr) -> Bool {
            !expr.columns.isEmpty && expr.columns.isSubset(of: side)
        }
        let (a, b) = (call.arguments[0], call.arguments[1])
        if isOf(left, a), isOf(right, b) { return JoinKey(left: a, right: b) }
        if isOf(right, a), isOf(left, b) { return JoinKey(left: b, right: a) }
        return nil
    }
}
