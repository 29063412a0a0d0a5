package struct Expr: Equatable, Sendable {
    package var kind: Kind
    /// Without parentheses around it, if there were any.
    @NotCompared package var span: Span
    /// Whether the text had parentheses around it; they change nothing but what the formatter writes.
    @NotCompared package var isParenthesized: Bool
    /// Levels of expressions below and with this one, as it was made; saturates. The parser refuses trees beyond its limit,
    /// so that recursion over what it returns is safe.
    @NotCompared package private(set) var height: UInt16

    package init(_ kind: Kind, _ span: Span = .none, isParenthesized: Bool = false) {
        self.kind = kind
        self.span = span
        self.isParenthesized = isParenthesized
        height = UInt16(min(kind.tallestChild + 1, Int(UInt16.max)))
    }

    package indirect enum Kind: Equatable, Sendable {
        case literal(Literal)
        /// `$name`; the name is without the dollar.
        case parameter(Name)
        /// A column, or the qualifier of one: `docs.id` is `field(name(docs), id)`.
        case name(Name)
        case call(Call)
        case unary(UnaryOperator, Expr)
        case binary(BinaryOperator, Expr, Expr)
        /// `value is [not] null`
        case isNull(Expr, negated: Bool)
        /// `left is [not] distinct from right`; negated means `not distinct`.
        case isDistinct(Expr, from: Expr, negated: Bool)
        case between(Expr, low: Expr, high: Expr, negated: Bool)
        /// `value in (a, b)`; the list is never empty.
        case inItems(Expr, [Expr], negated: Bool)
        /// `value in list`, where list is an expression of a list type.
        case inList(Expr, Expr, negated: Bool)
        /// `like`, or `ilike` when `ignoringCase`.
        case like(Expr, pattern: Expr, ignoringCase: Bool, negated: Bool)
        /// `case operand when … then … else … end`; there is at least one arm.
        case `case`(operand: Expr?, arms: [CaseArm], otherwise: Expr?)
        case cast(Expr, TypeExpr, CastForm)
        case field(Expr, Name)
        case index(Expr, Expr)
        /// `value[from:to]`
        case slice(Expr, from: Expr?, to: Expr?)
        case list([Expr])
        /// `{name: value, …}`
        case `struct`([StructField])
    }
}

package enum Literal: Equatable, Sendable {
    case null
    case bool(Bool)
    /// Not negative, but for the least value of all: `-9223372036854775808` is one literal.
    case int(Int64)
    /// Finite and not negative.
    case float(Double)
    case string(String)
}

package enum UnaryOperator: String, CaseIterable, Sendable {
    case negate = "-"
    case not
}

/// Raw values are the spelling that the formatter writes.
package enum BinaryOperator: String, CaseIterable, Sendable {
    case or, and
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case coalesce = "??"
    case add = "+"
    case subtract = "-"
    case concat = "||"
    case multiply = "*"
    case divide = "/"
    case divideInteger = "//"
    case remainder = "%"
}

package enum CastForm: Sendable {
    /// `cast(value as type)`
    case cast
    /// `try_cast(value as type)`: null where the cast fails
    case tryCast
    /// `value::type`, which means `cast`
    case doubleColon
}

package struct CaseArm: Equatable, Sendable {
    package var when: Expr
    package var then: Expr

    package init(when: Expr, then: Expr) {
        self.when = when
        self.then = then
    }
}

package struct StructField: Equatable, Sendable {
    package var name: Name
    package var value: Expr

    package init(_ name: Name, _ value: Expr) {
        self.name = name
        self.value = value
    }
}

/// `name(arguments)`: a function, a model or stages, as the binder finds.
package struct Call: Equatable, Sendable {
    package var name: Name
    package var arguments: [Argument]
    @NotCompared package var span: Span

    package init(_ name: Name, _ arguments: [Argument], _ span: Span = .none) {
        self.name = name
        self.arguments = arguments
        self.span = span
    }
}

package struct Argument: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span

    package init(_ kind: Kind, _ span: Span = .none) {
        self.kind = kind
        self.span = span
    }

    package enum Kind: Equatable, Sendable {
        case positional(Expr)
        /// `name => value`
        case named(Name, Expr)
        /// `*`: inputs bind by column name
        case star
    }
}
