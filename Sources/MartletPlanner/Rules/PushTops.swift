/// limit n (order by k (infer m rows)) = infer m (limit n (order by k rows)), if k reads no output of m; likewise for
/// extend, select, cascade, and routes that keep all rows.
///
/// limit n (order by k (extend f as k (infer m rows))) = select … (infer m (limit n (order by k (extend f as k rows)))), likewise.
///
/// Not below a model with state, which goes by the order of rows, nor below `on error drop`, which loses rows.
struct PushTops: PlanRule {
    static let name = "push_tops"
    static let summary = "sorts out the first rows before models and expressions see them"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .limit(let limit) = node, case .sort(let sort) = limit.input else { return nil }
        if let pushed = push(limit, sort, below: sort.input, keys: nil) { return pushed }
        guard case .extend(let keys) = sort.input, let pushed = push(limit, sort, below: keys.input, keys: keys) else {
            return nil
        }
        return .project(ProjectNode(input: pushed, outputs: node.columns.map(ComputedColumn.init(passing:))))
    }

    /// - Parameter keys: what computes the sort's keys, above `below`.
    private func push(
        _ limit: LimitNode, _ sort: SortNode, below: LogicalNode, keys: ExtendNode?
    ) -> LogicalNode? {
        guard below.keepsRows, !below.hasState, below.inputs.count == 1 else { return nil }
        var known = Set(below.inputs[0].columns.map(\.id))
        if let keys {
            guard LogicalNode.extend(keys).references.isSubset(of: known) else { return nil }
            known.formUnion(keys.computed.map(\.column.id))
        }
        guard sort.keys.allSatisfy({ known.contains($0.column.id) }) else { return nil }
        var passing = below
        switch below {
        case .project(var project):
            project.outputs += (keys?.computed ?? []).map { ComputedColumn(passing: $0.column) }
            passing = .project(project)
        case .route where keys != nil: return nil
        default: break
        }
        return passing.mapInput { input in
            let rows = keys.map { LogicalNode.extend(ExtendNode(input: input, computed: $0.computed)) } ?? input
            let first = LogicalNode.sort(SortNode(input: rows, keys: sort.keys))
            return .limit(LimitNode(input: first, count: limit.count, offset: limit.offset))
        }
    }
}

extension LogicalNode {
    /// Whether exactly the input's rows come out, in their order, and nothing else happens.
    var keepsRows: Bool {
        switch self {
        case .infer(let node): node.onError != .drop
        case .cascade(let node): node.onError != .drop && node.tiers.allSatisfy { $0.body.keepsHole }
        case .extend, .project: true
        case .route(let node): node.arms.allSatisfy { $0.rejoins != nil && $0.body.keepsHole }
        default: false
        }
    }

    /// Whether an arm gives exactly the rows that it is handed.
    private var keepsHole: Bool {
        if case .hole = self { return true }
        return keepsRows && inputs.allSatisfy(\.keepsHole)
    }
}
