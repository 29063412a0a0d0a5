import MartletData
import MartletSyntax

extension Binder {
    func bindNearest(
        _ count: IntegerLiteral, _ relation: Relation, _ similarity: Expr, as name: Name?, _ pipeline: inout Pipeline,
        _ locals: [String: BoundExpr]
    ) {
        guard let (node, relationName, entries) = bindBeside(relation, stage: "nearest \(count.value)", pipeline) else {
            pipeline.isComplete = false
            return
        }
        var scope = pipeline.scope
        scope.entries += entries
        let context = ExprContext(scope: scope, models: .forbidden("`on`"), locals: locals)
        guard let bound = bind(similarity, context) else { return }
        guard case .call(let call) = bound, ["cosine", "dot", "l2"].contains(call.function.name) else {
            return report(
                .wrongArgument, "`nearest` goes by `cosine`, `dot` or `l2` of two vectors", at: similarity.span,
                help: "`on cosine(a, b)`, with a vector of each side")
        }
        let left = Set(pipeline.node.columns.map(\.id))
        let right = Set(node.columns.map(\.id))
        func isOf(_ side: Set<ColumnID>, _ expr: BoundExpr) -> Bool {
            !expr.columns.isEmpty && expr.columns.isSubset(of: side)
        }
        var pair = call.arguments
        if isOf(right, pair[0]), isOf(left, pair[1]) { pair.reverse() }
        guard isOf(left, pair[0]), isOf(right, pair[1]) else {
            return report(
                .wrongArgument, "one vector must be of the rows here, the other of the relation", at: similarity.span,
                notes: [
                    "the relation's columns are \(entries.prefix(12).map { relationName == nil ? $0.column.name : "\($0.qualifier ?? "").\($0.name)" }.joined(separator: ", "))"
                ])
        }
        let column = newColumn(name?.text ?? call.function.name, .float)
        if let name, entries.contains(where: { same($0.column.name, name.text) }) {
            return report(.duplicateName, "the relation has a column `\(name.text)` already", at: name.span)
        }
        pipeline.node = .nearest(
            NearestNode(
                input: pipeline.node, relation: node, name: relationName, count: count.value, function: call.function,
                query: pair[0], document: pair[1], similarity: column))
        pipeline.scope.entries += entries
        guard let name else { return }
        pipeline.scope.replaceOrAppend(
            ScopeEntry(
                column: column, name: name.text, qualifier: nil,
                origin: "\(call.function.name), line \(lineNumber(similarity.span))"))
    }
}
