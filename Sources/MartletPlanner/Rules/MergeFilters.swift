/// where q (where p rows) = where p and q rows
///
/// `and` evaluates q only where p is true, as the two filters do.
struct MergeFilters: PlanRule {
    static let name = "merge_filters"
    static let summary = "makes one filter of two"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .filter(var outer) = node, case .filter(let inner) = outer.input else { return nil }
        outer.input = inner.input
        outer.predicate = .all(inner.predicate.conjuncts + outer.predicate.conjuncts)
        return .filter(outer)
    }
}
