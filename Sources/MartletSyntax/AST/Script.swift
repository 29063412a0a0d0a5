/// A whole text: its statements in order.
package struct Script: Equatable, Sendable {
    package var statements: [Statement]
    @NotCompared package var span: Span

    package init(_ statements: [Statement], _ span: Span = .none) {
        self.statements = statements
        self.span = span
    }
}

package struct Statement: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span
    /// False when a syntax error fell into this statement and a part of it was skipped. Such a statement is for tools
    /// (completion, outline); the binder leaves it alone, as its error has been reported.
    @NotCompared package var isWhole: Bool

    package init(_ kind: Kind, _ span: Span = .none, isWhole: Bool = true) {
        self.kind = kind
        self.span = span
        self.isWhole = isWhole
    }

    package enum Kind: Equatable, Sendable {
        /// `model name = load path as signature with (options)`
        case model(name: Name, path: Expr, signature: Signature?, options: [Option])
        /// `param name type = default`
        case param(name: Name, type: TypeExpr, default: Expr?)
        /// `param name table (fields)`
        case tableParam(name: Name, fields: [Field])
        /// `define name(parameters) = body`
        case define(name: Name, parameters: [Field], body: DefineBody)
        /// `let name = query`
        case `let`(name: Name, query: Query)
        /// `set name = value`
        case set(name: Name, value: Expr)
        /// `explain analyze query`
        case explain(analyze: Bool, query: Query)
        /// `show name`
        case show(Name)
        /// `describe name`
        case describe(Name)
        case query(Query)
    }
}

/// What a `define` stands for. A lone call is an expression here, as text cannot tell `define f(x) = g(x)` of a function
/// `g` from that of stages `g`; the binder, which knows `g`, takes it for either.
package enum DefineBody: Equatable, Sendable {
    case expression(Expr)
    case stages([Stage])
}
