import MartletData

/// An expression whose names are resolved and whose types are settled: argument types are exactly what each function
/// wants, casts are explicit.
package indirect enum BoundExpr: Hashable, Sendable {
    case constant(Value, DataType)
    case column(ColumnID, DataType)
    /// A `param` that has no value yet. Planning goes on with its type; running is refused.
    case parameter(String, DataType)
    case call(FunctionCall)
    /// Conjunction by three-valued logic; evaluated left to right, later parts only on rows not yet false. Never empty.
    case and([BoundExpr])
    /// Disjunction by three-valued logic; evaluated left to right, later parts only on rows not yet true. Never empty.
    case or([BoundExpr])
    /// The first arm whose condition is true; each result is evaluated only on the rows that take it.
    case conditional([ConditionalArm], otherwise: BoundExpr?, DataType)
    /// The first value that is not null; each part is evaluated only on rows where all before it are null.
    case coalesce([BoundExpr], DataType)
    case isNull(BoundExpr, negated: Bool)
    /// Never null: null is not distinct from null.
    case isDistinct(BoundExpr, BoundExpr, negated: Bool)
    /// Three-valued: null when there is no match but a null was compared.
    case isIn(BoundExpr, [BoundExpr], negated: Bool)
    /// With `isTry` a value that cannot be cast gives null, otherwise an error.
    case cast(BoundExpr, DataType, isTry: Bool)
    /// Part `position` of a struct; null when the struct is.
    case field(BoundExpr, position: Int, DataType)
    case structure([BoundExpr], DataType)
    /// A list, or with a tensor type a tensor, of the items.
    case list([BoundExpr], DataType)
    /// Tokens of a text as the model's tokenizer counts them, special tokens included. The executor answers.
    case tokenCount(BoundModel, BoundExpr)

    package var type: DataType {
        switch self {
        case .constant(_, let type), .column(_, let type), .parameter(_, let type), .conditional(_, _, let type),
            .coalesce(_, let type), .cast(_, let type, _), .field(_, _, let type), .structure(_, let type),
            .list(_, let type):
            type
        case .call(let call): call.type
        case .and, .or, .isNull, .isDistinct, .isIn: .bool
        case .tokenCount: .int
        }
    }
}

/// `when condition then result`
package struct ConditionalArm: Hashable, Sendable {
    package var condition: BoundExpr
    package var result: BoundExpr

    package init(when condition: BoundExpr, then result: BoundExpr) {
        self.condition = condition
        self.result = result
    }
}

/// A function of the function table applied to arguments of exactly the types it resolved to.
package struct FunctionCall: Hashable, Sendable {
    package var function: Function
    package var arguments: [BoundExpr]
    package var type: DataType

    package init(_ function: Function, _ arguments: [BoundExpr], type: DataType) {
        self.function = function
        self.arguments = arguments
        self.type = type
    }
}
