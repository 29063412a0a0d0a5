/// One step of a query, after a `|>`.
package struct Stage: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span
    /// The span of the stage's name alone (`route`, `order by`, the name of a user call).
    @NotCompared package var nameSpan: Span

    package init(_ kind: Kind, _ span: Span = .none, nameSpan: Span = .none) {
        self.kind = kind
        self.span = span
        self.nameSpan = nameSpan
    }

    package indirect enum Kind: Equatable, Sendable {
        case `where`(Expr)
        case extend([Item])
        case select([Item])
        case rename([Renaming])
        case limit(IntegerLiteral, offset: IntegerLiteral?)
        case orderBy([OrderKey])
        case batch(BatchSize)
        case infer(Call, outputs: Outputs?, options: InferOptions, onError: OnError?)
        case route(Route)
        case cascade(Cascade)
        case split(Split)
        case aggregate([Item], groupBy: [Item])
        /// `on` is empty for a plain `distinct`.
        case distinct(on: [Expr])
        case sample(IntegerLiteral, percent: Bool)
        case join(Relation, left: Bool, on: Expr)
        case nearest(IntegerLiteral, Relation, on: Expr, name: Name?)
        case union(Relation)
        case unnest(Expr, as: Name)
        case assert(Expr, message: StringLiteral?)
        case write(StringLiteral, options: [Option])
        /// A stage that a `define` made: `triage(body, t => 0.9)`.
        case call(Call)
    }
}

/// An entry of `select`, `extend`, `aggregate` or `group by`. Which name an entry without `as` takes is for the binder.
package struct Item: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span

    package init(_ kind: Kind, _ span: Span = .none) {
        self.kind = kind
        self.span = span
    }

    package enum Kind: Equatable, Sendable {
        case expression(Expr, alias: Name?)
        /// `*` or `name.*`; in `select` only.
        case star(of: Name?)
    }
}

/// `from as to`
package struct Renaming: Equatable, Sendable {
    package var from: Name
    package var to: Name

    package init(from: Name, to: Name) {
        self.from = from
        self.to = to
    }
}

/// `expr asc|desc nulls first|last`
package struct OrderKey: Equatable, Sendable {
    package var value: Expr
    package var descending: Bool
    /// Nil when the text leaves it to the language's default.
    package var nullsFirst: Bool?

    package init(_ value: Expr, descending: Bool = false, nullsFirst: Bool? = nil) {
        self.value = value
        self.descending = descending
        self.nullsFirst = nullsFirst
    }
}

package enum BatchSize: Equatable, Sendable {
    case auto
    /// `batch 32` and `batch rows 32` are the same.
    case rows(IntegerLiteral)
    case tokens(IntegerLiteral)
}
