import MartletData

extension BoundExpr {
    /// The expressions directly inside this one, in order of evaluation.
    package var children: [BoundExpr] {
        switch self {
        case .constant, .column, .parameter: []
        case .call(let call): call.arguments
        case .and(let parts), .or(let parts), .coalesce(let parts, _), .structure(let parts, _), .list(let parts, _):
            parts
        case .conditional(let arms, let otherwise, _):
            arms.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
        case .isNull(let value, _), .cast(let value, _, _), .field(let value, _, _), .tokenCount(_, let value): [value]
        case .isDistinct(let left, let right, _): [left, right]
        case .isIn(let value, let items, _): [value] + items
        }
    }

    /// This expression with each direct part replaced by what `change` makes of it.
    package func mapChildren(_ change: (BoundExpr) throws -> BoundExpr) rethrows -> BoundExpr {
        switch self {
        case .constant, .column, .parameter:
            return self
        case .call(var call):
            call.arguments = try call.arguments.map(change)
            return .call(call)
        case .and(let parts): return .and(try parts.map(change))
        case .or(let parts): return .or(try parts.map(change))
        case .coalesce(let parts, let type): return .coalesce(try parts.map(change), type)
        case .structure(let parts, let type): return .structure(try parts.map(change), type)
        case .list(let parts, let type): return .list(try parts.map(change), type)
        case .conditional(let arms, let otherwise, let type):
            return .conditional(
                try arms.map { ConditionalArm(when: try change($0.condition), then: try change($0.result)) },
                otherwise: try otherwise.map(change), type)
        case .isNull(let value, let negated): return .isNull(try change(value), negated: negated)
        case .cast(let value, let type, let isTry): return .cast(try change(value), type, isTry: isTry)
        case .field(let value, let position, let type): return .field(try change(value), position: position, type)
        case .tokenCount(let model, let value): return .tokenCount(model, try change(value))
        case .isDistinct(let left, let right, let negated):
            return .isDistinct(try change(left), try change(right), negated: negated)
        case .isIn(let value, let items, let negated):
            return .isIn(try change(value), try items.map(change), negated: negated)
        }
    }

    /// Rewrites from the leaves up.
    package func rewritten(_ change: (BoundExpr) throws -> BoundExpr) rethrows -> BoundExpr {
        try change(try mapChildren { try $0.rewritten(change) })
    }

    /// The expression, then all inside it.
    package func visit(_ action: (BoundExpr) -> Void) {
        action(self)
        for child in children { child.visit(action) }
    }

    /// Whether the tree has more than `limit` nodes. O(limit).
    package func isLarger(than limit: Int) -> Bool {
        var left = limit
        func count(_ expr: BoundExpr) -> Bool {
            left -= 1
            return left < 0 || expr.children.contains(where: count)
        }
        return count(self)
    }

    /// The columns that the value depends on.
    package var columns: Set<ColumnID> {
        var found: Set<ColumnID> = []
        visit { if case .column(let id, _) = $0 { found.insert(id) } }
        return found
    }

    /// Each column of `values` replaced by its expression.
    package func substituting(_ values: [ColumnID: BoundExpr]) -> BoundExpr {
        rewritten { expr in
            if case .column(let id, _) = expr, let value = values[id] { value } else { expr }
        }
    }

    package var isConstant: Bool { if case .constant = self { true } else { false } }

    package var constantValue: Value? { if case .constant(let value, _) = self { value } else { nil } }

    /// Operands of a conjunction, or the expression itself.
    package var conjuncts: [BoundExpr] { if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] } }

    /// The conjunction of `parts`; true when there is none.
    package static func all(_ parts: [BoundExpr]) -> BoundExpr {
        switch parts.count {
        case 0: .constant(.bool(true), .bool)
        case 1: parts[0]
        default: .and(parts)
        }
    }
}
