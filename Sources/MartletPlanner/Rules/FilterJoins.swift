/// where p (rows join r) = rows join (where p r), if p reads columns of r alone;
/// rows join r on k and p = rows join (where p r) on k, likewise, also for left joins;
/// rows join r on k and p = (where p rows) join r on k, if p reads columns of rows alone.
///
/// Not above a left join, whose nulls p would see. Parts that may fail stay: on pairs that are there they may not.
struct FilterJoins: PlanRule {
    static let name = "filter_joins"
    static let summary = "filters a relation before it is joined"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        switch node {
        case .filter(let filter):
            guard case .join(var join) = filter.input, !join.isLeft else { return nil }
            let (moved, kept) = split(filter.predicate, over: join.relation)
            guard !moved.isEmpty else { return nil }
            join.relation = .filter(FilterNode(input: join.relation, predicate: .all(moved)))
            return kept.isEmpty ? .join(join) : .filter(FilterNode(input: .join(join), predicate: .all(kept)))
        case .join(var join):
            guard let condition = join.condition else { return nil }
            var (moved, kept) = split(condition, over: join.relation)
            if !moved.isEmpty { join.relation = .filter(FilterNode(input: join.relation, predicate: .all(moved))) }
            if !join.isLeft {
                let (own, rest) = split(.all(kept), over: join.input)
                if !own.isEmpty { join.input = .filter(FilterNode(input: join.input, predicate: .all(own))) }
                moved += own
                kept = rest
            }
            guard !moved.isEmpty else { return nil }
            join.condition = kept.isEmpty ? nil : .all(kept)
            return .join(join)
        default: return nil
        }
    }

    private func split(_ predicate: BoundExpr, over side: LogicalNode) -> (moved: [BoundExpr], kept: [BoundExpr]) {
        let own = Set(side.columns.map(\.id))
        var moved: [BoundExpr] = []
        var kept: [BoundExpr] = []
        for part in predicate.conjuncts {
            let canMove = !part.columns.isEmpty && part.columns.isSubset(of: own) && !part.canFail
            if canMove { moved.append(part) } else { kept.append(part) }
        }
        return (moved, kept)
    }
}
