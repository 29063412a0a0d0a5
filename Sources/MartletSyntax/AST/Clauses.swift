/// One entry of `with (name = value, …)`.
package struct Option: Equatable, Sendable {
    package var name: Name
    package var value: Expr
    @NotCompared package var span: Span

    package init(_ name: Name, _ value: Expr, _ span: Span = .none) {
        self.name = name
        self.value = value
        self.span = span
    }
}

/// What stands in the `with (…)` of `infer`.
package struct InferOptions: Equatable, Sendable {
    /// `state = (input => output, …)`; empty when there is none.
    package var state: [StateLink]
    package var others: [Option]

    package init(state: [StateLink] = [], others: [Option] = []) {
        self.state = state
        self.others = others
    }
}

/// `h => hn`: input `h` of a row is output `hn` of the row before.
package struct StateLink: Equatable, Sendable {
    package var input: Name
    package var output: Name

    package init(_ input: Name, _ output: Name) {
        self.input = input
        self.output = output
    }
}

/// What `infer` or `cascade` names its results: `as s` (one column, a struct when the model gives several) or `as (label, score as p)`.
package enum Outputs: Equatable, Sendable {
    case single(Name)
    /// Never empty.
    case fields([OutputField])
}

/// `name as alias`: output `name` of the model becomes column `alias`, or `name` when there is none.
package struct OutputField: Equatable, Sendable {
    package var name: Name
    package var alias: Name?

    package init(_ name: Name, alias: Name? = nil) {
        self.name = name
        self.alias = alias
    }
}

/// `on error …`
package struct OnError: Equatable, Sendable {
    package var policy: Policy
    @NotCompared package var span: Span

    package init(_ policy: Policy, _ span: Span = .none) {
        self.policy = policy
        self.span = span
    }

    package enum Policy: Equatable, Sendable {
        case fail
        case null
        case drop
        case keep(as: Name)
    }
}

/// `(inputs) -> (outputs)` of a model.
package struct Signature: Equatable, Sendable {
    package var inputs: [Field]
    package var outputs: [Field]
    @NotCompared package var span: Span

    package init(inputs: [Field], outputs: [Field], _ span: Span = .none) {
        self.inputs = inputs
        self.outputs = outputs
        self.span = span
    }
}

/// `name type not null`
package struct Field: Equatable, Sendable {
    package var name: Name
    package var type: TypeExpr
    package var notNull: Bool
    @NotCompared package var span: Span

    package init(_ name: Name, _ type: TypeExpr, notNull: Bool = false, _ span: Span = .none) {
        self.name = name
        self.type = type
        self.notNull = notNull
        self.span = span
    }
}

/// A type as written; which names are types is for the binder.
package struct TypeExpr: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span

    package init(_ kind: Kind, _ span: Span = .none) {
        self.kind = kind
        self.span = span
    }

    package indirect enum Kind: Equatable, Sendable {
        /// `float` (no dims) or `float[3,?]`.
        case named(Name, dims: [Dim])
        case list(TypeExpr)
        case `struct`([Field])
    }

    package enum Dim: Equatable, Sendable {
        case size(IntegerLiteral)
        /// A dimension that binds by name.
        case named(Name)
        /// `?`
        case unknown
    }
}
