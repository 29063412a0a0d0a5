extension Expr.Kind {
    /// The expressions directly below, in the order of the text.
    package var children: [Expr] {
        switch self {
        case .literal, .parameter, .name: []
        case .call(let call): call.arguments.compactMap(\.value)
        case .unary(_, let value), .isNull(let value, _), .cast(let value, _, _), .field(let value, _): [value]
        case .binary(_, let left, let right), .isDistinct(let left, from: let right, _),
            .inList(let left, let right, _),
            .like(let left, pattern: let right, _, _), .index(let left, let right):
            [left, right]
        case .between(let value, let low, let high, _): [value, low, high]
        case .inItems(let value, let items, _): [value] + items
        case .case(let operand, let arms, let otherwise):
            [operand].compactMap { $0 } + arms.flatMap { [$0.when, $0.then] } + [otherwise].compactMap { $0 }
        case .slice(let value, let from, let to): [value, from, to].compactMap { $0 }
        case .list(let items): items
        case .struct(let fields): fields.map(\.value)
        }
    }

    /// The greatest height among the children, 0 without children.
    var tallestChild: Int {
        switch self {
        case .literal, .parameter, .name: 0
        case .binary(_, let left, let right): Int(max(left.height, right.height))
        case .field(let value, _), .unary(_, let value): Int(value.height)
        default: Int(children.lazy.map(\.height).max() ?? 0)
        }
    }
}

extension Argument {
    /// The expression of the argument, nil for `*`.
    package var value: Expr? {
        switch kind {
        case .positional(let value), .named(_, let value): value
        case .star: nil
        }
    }
}
