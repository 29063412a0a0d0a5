/// where p (infer m rows) = infer m (where p rows), if p reads no output of m; likewise for extend, select, order by,
/// unnest, join, nearest, cascade, and for routes whose rows all rejoin. Not below a model with state, which goes by all rows before. Where extend or select only give a column another name, p reads the one
/// below.
///
/// Of `p and q` the part that can go below goes, and the rest stays. A part that may fail on some row goes only together
/// with all parts before it, so that it is never evaluated on a row that they keep away from it. Rows that are gone
/// before a model or expression could fail on them no longer fail: that is the one visible change, and it is wanted.
struct PushFilters: PlanRule {
    static let name = "push_filters"
    static let summary = "filters rows before models and expressions see them"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .filter(let filter) = node else { return nil }
        let input = filter.input
        guard let own = Self.ownColumns(input) else { return nil }
        let renamed = Self.renamed(input)
        let blocked = own.subtracting(renamed.keys)
        var below: [BoundExpr] = []
        var above: [BoundExpr] = []
        for part in filter.predicate.conjuncts {
            let canMove = part.columns.isDisjoint(with: blocked) && (above.isEmpty || !part.canFail)
            if canMove { below.append(part.substituting(renamed)) } else { above.append(part) }
        }
        guard !below.isEmpty else { return nil }
        let pushed = input.mapFirstInput { .filter(FilterNode(input: $0, predicate: .all(below))) }
        return above.isEmpty ? pushed : .filter(FilterNode(input: pushed, predicate: .all(above)))
    }

    /// Columns that are just others under a new name, and which.
    private static func renamed(_ node: LogicalNode) -> [ColumnID: BoundExpr] {
        let computed: [ComputedColumn] =
            switch node {
            case .project(let project): project.outputs
            case .extend(let extend): extend.computed
            default: []
            }
        var result: [ColumnID: BoundExpr] = [:]
        for item in computed where !item.isPassedOn {
            if case .column = item.expr { result[item.column.id] = item.expr }
        }
        return result
    }

    /// The columns that a filter must stay above for; nil if it must stay in any case.
    private static func ownColumns(_ node: LogicalNode) -> Set<ColumnID>? {
        switch node {
        case .infer(let infer) where infer.recurrence != nil: return nil
        case .infer, .extend, .cascade, .sort, .unnest:
            return Set(node.columns.map(\.id)).subtracting(node.inputs[0].columns.map(\.id))
        case .nearest, .join: return Set(node.columns.map(\.id)).subtracting(node.inputs[0].columns.map(\.id))
        case .project(let project):
            return Set(project.outputs.filter { !$0.isPassedOn }.map(\.column.id))
        case .route(let route):
            guard route.arms.allSatisfy({ $0.rejoins != nil && !$0.body.hasEffects }) else { return nil }
            return Set(route.columns.map(\.id)).subtracting(route.input.columns.map(\.id))
        default: return nil
        }
    }
}

extension LogicalNode {
    /// This node over another input; for nodes of exactly one.
    func mapInput(_ change: (LogicalNode) -> LogicalNode) -> LogicalNode {
        // Inputs come first among the children.
        var left = inputs.count
        return mapChildren { child in
            left -= 1
            return left >= 0 ? change(child) : child
        }
    }

    /// This node with other rows on the way through it; what it looks up stays.
    func mapFirstInput(_ change: (LogicalNode) -> LogicalNode) -> LogicalNode {
        var isFirst = true
        return mapChildren { child in
            defer { isFirst = false }
            return isFirst ? change(child) : child
        }
    }

    /// Whether running the plan does more than giving rows: writes files, or fails on purpose.
    var hasEffects: Bool {
        var found = false
        visit { node in
            switch node {
            case .write, .fail, .assert: found = true
            default: break
            }
        }
        return found
    }
}
