extension LogicalNode {
    /// The columns of its input that this node reads, arms and tiers included; those it merely passes on do not count.
    package var references: Set<ColumnID> {
        switch self {
        case .load, .values, .table, .shared, .hole, .limit, .sample, .fail, .drop: return []
        case .filter(let node): return node.predicate.columns
        case .extend(let node): return Self.columns(node.computed.map(\.expr))
        case .project(let node): return Self.columns(node.outputs.map(\.expr))
        case .unnest(let node): return node.value.columns
        case .join(let node):
            return Self.columns(node.keys.flatMap { [$0.left, $0.right] } + (node.condition.map { [$0] } ?? []))
        case .nearest(let node): return node.query.columns.union(node.document.columns)
        case .sort(let node): return Set(node.keys.map(\.column.id))
        case .infer(let node):
            return Self.columns(node.call.arguments + (node.recurrence?.key.map { [$0] } ?? []))
        case .assert(let node): return node.predicate.columns
        case .aggregate(let node):
            return Self.columns(node.groups.map(\.expr) + node.aggregates.flatMap(\.call.arguments))
        case .distinct(let node):
            return node.keys.isEmpty ? Set(node.input.columns.map(\.id)) : Set(node.keys)
        case .write(let node): return Set(node.input.columns.map(\.id))
        case .union(let node): return Set(node.inputs.flatMap { $0.columns.map(\.id) })
        case .route(let node):
            var result = Set(node.columns.map(\.id))
            for arm in node.arms {
                result.formUnion(arm.condition?.columns ?? [])
                result.formUnion(arm.body.deepReferences)
                result.formUnion((arm.rejoins ?? []).compactMap { $0 })
            }
            return result
        case .cascade(let node):
            var result: Set<ColumnID> = []
            for tier in node.tiers {
                result.formUnion(tier.body.deepReferences)
                result.formUnion(Self.columns(tier.call.arguments))
                result.formUnion(tier.until?.columns ?? [])
            }
            return result
        }
    }

    /// `references` of this node and of all below it.
    package var deepReferences: Set<ColumnID> {
        var result: Set<ColumnID> = []
        visit { result.formUnion($0.references) }
        return result
    }

    private static func columns(_ expressions: [BoundExpr]) -> Set<ColumnID> {
        expressions.reduce(into: []) { $0.formUnion($1.columns) }
    }
}
