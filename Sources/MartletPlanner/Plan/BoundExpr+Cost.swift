extension BoundExpr {
    /// Whether evaluation may be an error for some values. Errs on the side of yes.
    package var canFail: Bool {
        switch self {
        case .constant, .column: return false
        case .parameter, .tokenCount: return true
        case .cast(_, _, let isTry) where !isTry: return true
        case .call(let call) where !Self.total.contains(call.function.name):
            let isFloat = ["+", "-", "*", "negate"].contains(call.function.name) && call.type == .float
            return !isFloat || children.contains(where: \.canFail)
        default: return children.contains(where: \.canFail)
        }
    }

    /// Functions that have a value for all arguments of their types.
    private static let total: Set<String> = [
        "=", "!=", "<>", "<", "<=", ">", ">=", "like", "ilike", "not", "length", "lower", "upper", "trim", "ltrim",
        "rtrim",
        "contains", "starts_with", "ends_with", "||", "concat", "abs_float", "isnan", "coalesce", "nullif",
    ]

    /// How long evaluation takes for a row, beside the comparison of two numbers; a rough guess.
    package var cost: Double {
        let own: Double =
            switch self {
            case .constant, .column, .parameter: 0
            case .tokenCount: 1_000
            case .call(let call):
                if Self.searches.contains(call.function.name) {
                    30
                } else {
                    call.arguments.contains { $0.type.isText || $0.type.isCollection } ? 8 : 1
                }
            case .isDistinct(let value, _, _), .isIn(let value, _, _): value.type.isText ? 4 : 1
            case .cast(let value, let type, _): value.type.isText || type.isText ? 20 : 1
            case .structure, .list, .conditional: 4
            case .and, .or, .coalesce, .isNull, .field: 1
            }
        return children.reduce(own) { $0 + $1.cost }
    }

    /// Functions that go through a text in search of a pattern.
    private static let searches: Set<String> = [
        "like", "ilike", "regexp_matches", "regexp_extract", "regexp_replace", "contains", "replace", "split",
    ]
}
