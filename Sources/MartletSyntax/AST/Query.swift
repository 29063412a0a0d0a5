/// `source |> stage |> stage …`
package struct Query: Equatable, Sendable {
    package var source: Source
    package var stages: [Stage]
    @NotCompared package var span: Span

    package init(source: Source, stages: [Stage], _ span: Span = .none) {
        self.source = source
        self.stages = stages
        self.span = span
    }
}

/// Where the rows of a query come from.
package struct Source: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span

    package init(_ kind: Kind, _ span: Span = .none) {
        self.kind = kind
        self.span = span
    }

    package enum Kind: Equatable, Sendable {
        /// `load 'path' with (options) as alias`
        case load(path: StringLiteral, options: [Option], alias: Name?)
        /// `from relation`
        case from(Relation)
    }
}

/// Rows that have a name, are written out, or are computed: `docs`, `$input`, `values (1), (2)`, `(query)`; then `as alias(columns)`.
package struct Relation: Equatable, Sendable {
    package var kind: Kind
    package var alias: Name?
    /// Column names after the alias; empty when none are given.
    package var columns: [Name]
    @NotCompared package var span: Span

    package init(_ kind: Kind, alias: Name? = nil, columns: [Name] = [], _ span: Span = .none) {
        self.kind = kind
        self.alias = alias
        self.columns = columns
        self.span = span
    }

    package indirect enum Kind: Equatable, Sendable {
        case named(Name)
        /// `$name`; the name is without the dollar.
        case parameter(Name)
        /// Rows as written; that they have equal widths is for the binder to check.
        case values([Row])
        case query(Query)
    }
}

/// `(expr, expr, …)` of `values`; never empty.
package struct Row: Equatable, Sendable {
    package var values: [Expr]
    @NotCompared package var span: Span

    package init(_ values: [Expr], _ span: Span = .none) {
        self.values = values
        self.span = span
    }
}
