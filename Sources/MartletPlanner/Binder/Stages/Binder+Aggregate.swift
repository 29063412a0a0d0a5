import MartletData
import MartletSyntax

extension Binder {
    /// Groups come first in the result, then the items. Items may combine aggregates, and name groups.
    func bindAggregateStage(
        _ items: [Item], _ groups: [Item], _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        let context = context(pipeline, locals)
        var isSound = true
        var groupScope = Scope()
        var computed: [ComputedColumn] = []
        for group in groups {
            guard case .expression(let expr, let alias) = group.kind else {
                report(.wrongArgument, "`group by` does not take `*`", at: group.span)
                isSound = false
                continue
            }
            guard let bound = bind(expr, context) else {
                isSound = false
                continue
            }
            let name = alias?.text ?? name(of: expr)
            let column = newColumn(name, bound.type)
            computed.append(ComputedColumn(column, bound))
            var qualifier: String?
            if case .field(let base, _) = expr.kind, case .name(let base) = base.kind { qualifier = base.text }
            groupScope.entries.append(
                ScopeEntry(column: column, name: name, qualifier: qualifier, origin: origin(of: expr, bound, context)))
        }
        let aggregation = Aggregation(groups: groupScope, groupExprs: computed)
        context.aggregation = aggregation
        var outputs: [(ScopeEntry, BoundExpr, Span)] = []
        for item in items {
            guard case .expression(let expr, let alias) = item.kind else {
                report(.wrongArgument, "`aggregate` does not take `*`", at: item.span, help: "`count()` counts rows")
                isSound = false
                continue
            }
            guard let bound = bind(expr, context) else {
                isSound = false
                continue
            }
            let name = alias?.text ?? name(of: expr)
            var column = PlanColumn(id: ColumnID(-1), name: name, type: bound.type)
            if case .column(let id, _) = bound, !outputs.contains(where: { $0.0.column.id == id }),
                !computed.contains(where: { $0.column.id == id })
            {
                column = PlanColumn(id: id, name: name, type: bound.type)
            } else {
                column = newColumn(name, bound.type)
            }
            outputs.append(
                (ScopeEntry(column: column, name: name, qualifier: nil, origin: flatText(expr.span)), bound, item.span))
        }
        guard isSound else { return }
        settle(context, &pipeline)
        for (entry, _, _) in outputs {
            if let place = aggregation.columns.firstIndex(where: { $0.column.id == entry.column.id }) {
                aggregation.columns[place].column.name = entry.column.name
            }
        }
        pipeline.node = .aggregate(
            AggregateNode(input: pipeline.node, groups: computed, aggregates: aggregation.columns))
        let result =
            groupScope.entries.map { ($0, BoundExpr.column($0.column.id, $0.column.type), stage.span) } + outputs
        var seen: [String: Span] = [:]
        for (entry, _, span) in result {
            if let first = seen.updateValue(span, forKey: entry.column.name.lowercased()) {
                report(
                    .duplicateName, "two columns would be called `\(entry.column.name)`", at: span,
                    secondary: first == span ? [] : [(first, "the first")], help: "name one of them: `… as other`")
                return
            }
        }
        let kept = result.map(\.0.column.name)
        drop(pipeline.scope.visible.filter { old in !kept.contains { same($0, old.name) } }, stage, kept, &pipeline)
        pipeline.node = .project(
            ProjectNode(input: pipeline.node, outputs: result.map { ComputedColumn($0.0.column, $0.1) }))
        pipeline.scope.entries = result.map(\.0)
    }
}
