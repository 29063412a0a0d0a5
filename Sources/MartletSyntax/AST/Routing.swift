/// `route when condition as name then body … else body end fill null as column`
package struct Route: Equatable, Sendable {
    package var arms: [RouteArm]
    package var otherwise: Body
    package var fillNull: Bool
    /// The column that names the arm each row took.
    package var armColumn: Name?
    @NotCompared package var elseSpan: Span

    package init(
        arms: [RouteArm], otherwise: Body, fillNull: Bool = false, armColumn: Name? = nil, elseSpan: Span = .none
    ) {
        self.elseSpan = elseSpan
        self.arms = arms
        self.otherwise = otherwise
        self.fillNull = fillNull
        self.armColumn = armColumn
    }
}

package struct RouteArm: Equatable, Sendable {
    package var condition: Expr
    package var name: Name?
    package var body: Body
    @NotCompared package var span: Span

    package init(when condition: Expr, name: Name? = nil, then body: Body, _ span: Span = .none) {
        self.condition = condition
        self.name = name
        self.body = body
        self.span = span
    }
}

/// What becomes of the rows of one arm.
package struct Body: Equatable, Sendable {
    package var kind: Kind
    @NotCompared package var span: Span

    package init(_ kind: Kind, _ span: Span = .none) {
        self.kind = kind
        self.span = span
    }

    package enum Kind: Equatable, Sendable {
        case pass
        case drop
        case fail(StringLiteral)
        /// Never empty.
        case stages([Stage])
    }
}

/// `cascade as outputs try call until condition … try call end as column with (options) on error …`
package struct Cascade: Equatable, Sendable {
    package var outputs: Outputs
    /// All tiers but the last, which has no condition.
    package var tiers: [CascadeTier]
    package var last: Call
    /// The column that names the tier that answered each row.
    package var tierColumn: Name?
    package var options: [Option]
    package var onError: OnError?

    package init(
        outputs: Outputs, tiers: [CascadeTier], last: Call, tierColumn: Name? = nil, options: [Option] = [],
        onError: OnError? = nil
    ) {
        self.outputs = outputs
        self.tiers = tiers
        self.last = last
        self.tierColumn = tierColumn
        self.options = options
        self.onError = onError
    }
}

package struct CascadeTier: Equatable, Sendable {
    package var call: Call
    package var until: Expr
    @NotCompared package var span: Span

    package init(_ call: Call, until: Expr, _ span: Span = .none) {
        self.call = call
        self.until = until
        self.span = span
    }
}

/// `split by key weight n as name then body … end as column`
package struct Split: Equatable, Sendable {
    package var key: Expr
    package var arms: [SplitArm]
    package var armColumn: Name?

    package init(by key: Expr, arms: [SplitArm], armColumn: Name? = nil) {
        self.key = key
        self.arms = arms
        self.armColumn = armColumn
    }
}

package struct SplitArm: Equatable, Sendable {
    package var weight: IntegerLiteral
    package var name: Name?
    package var body: Body
    @NotCompared package var span: Span

    package init(weight: IntegerLiteral, name: Name? = nil, then body: Body, _ span: Span = .none) {
        self.weight = weight
        self.name = name
        self.body = body
        self.span = span
    }
}
