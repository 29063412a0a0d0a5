/// limit n (infer m rows) = infer m (limit n rows); likewise for extend, select, cascade, and routes that keep all rows.
/// limit n (load f) = limit n (load at most n rows of f).
///
/// Not below `on error drop`, which loses rows. Below a model with state too: the first rows do not depend on later ones.
struct PushLimits: PlanRule {
    static let name = "push_limits"
    static let summary = "reads and infers no more rows than are asked for"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .limit(let limit) = node else { return nil }
        switch limit.input {
        case let input where input.keepsRows: return swap(limit)
        case .load(var load):
            let (wanted, overflow) = limit.count.addingReportingOverflow(limit.offset)
            guard !overflow, load.rowLimit.map({ $0 > wanted }) ?? true else { return nil }
            load.rowLimit = wanted
            return .limit(LimitNode(input: .load(load), count: limit.count, offset: limit.offset))
        default: return nil
        }
    }

    private func swap(_ limit: LimitNode) -> LogicalNode {
        limit.input.mapInput { .limit(LimitNode(input: $0, count: limit.count, offset: limit.offset)) }
    }
}
