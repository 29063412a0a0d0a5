extension Parser {
    /// How tightly operators bind, loosest first.
    enum Power: Int, Comparable {
        case or, and, not, comparison, coalesce, sum, product, unary, postfix, primary

        /// Of the right operand of an operator that groups to the left.
        var next: Power { Power(rawValue: rawValue + 1) ?? .primary }

        static func < (left: Power, right: Power) -> Bool { left.rawValue < right.rawValue }
    }

    /// expr = or-expr, by the table of powers below
    mutating func expression() throws(Bail) -> Expr { try expression(.or) }

    /// An expression whose operators all bind at least as tightly as `power`.
    mutating func expression(_ power: Power) throws(Bail) -> Expr {
        try enter()
        defer { depth -= 1 }
        let start = start
        var left = try prefix(power)
        var hasCompared = false
        // Each turn takes an operator or leaves.
        while let infix = infix(), infix.power >= power {
            if infix.power == .comparison {
                if hasCompared { reportChain() }
                hasCompared = true
            } else if infix.power < .comparison {
                hasCompared = false
            }
            left = try operation(infix, left, from: start)
        }
        return left
    }

    /// not-expr = "not" not-expr | comparison ; unary = "-" unary | postfix
    private mutating func prefix(_ power: Power) throws(Bail) -> Expr {
        if isAt(.not) { return try negation(power) }
        if isAt(.minus) { return try negative() }
        if isAt(.foreign) { return try foreignPrefix(power) }
        return try postfix()
    }

    private mutating func negation(_ power: Power) throws(Bail) -> Expr {
        let start = start
        if power > .not {
            report(
                Diagnostic(
                    .expectedExpression, "`not` binds looser than the operator before it", at: token.span,
                    help: ["put parentheses around `not …`"]))
        }
        advance()
        let operand = try expression(.not)
        return try node(.unary(.not, operand), from: start)
    }

    private mutating func negative() throws(Bail) -> Expr {
        let start = start
        advance()
        if isAt(.integer), let least = leastInteger() {
            advance()
            return try node(.literal(.int(least)), from: start)
        }
        let operand = try expression(.unary)
        return try node(.unary(.negate, operand), from: start)
    }

    /// The one integer that has a literal only with its sign.
    private func leastInteger() -> Int64? {
        let digits = source[token.span].filter { $0 != "_" }
        return "-" + digits == String(Int64.min) ? Int64.min : nil
    }

    private mutating func foreignPrefix(_ power: Power) throws(Bail) -> Expr {
        guard source[token.span] == "!" else { throw expected("an expression", .expectedExpression) }
        report(
            Diagnostic(
                .foreignOperator, "`!` is written `not`", at: token.span, fix: .replace(token.span, with: "not ")))
        let start = start
        advance()
        let operand = try expression(max(power, .not))
        return try node(.unary(.not, operand), from: start)
    }

    private mutating func reportChain() {
        report(
            Diagnostic(
                .chainedComparison, "comparisons do not chain", at: token.span,
                help: ["write `a < b and b < c`, `b between a and c`, or put parentheses around one of them"]))
    }

    /// The node, unless the tree has become too tall.
    mutating func node(_ kind: Expr.Kind, from start: Int) throws(Bail) -> Expr {
        let expr = Expr(kind, span(from: start))
        guard expr.height <= Self.heightLimit else { throw tooTall(expr.span) }
        return expr
    }

    private mutating func tooTall(_ span: Span) -> Bail {
        fail(
            Diagnostic(
                .nestedTooDeeply, "the expression is too long", at: span,
                "more than \(Self.heightLimit) operators in a row",
                help: ["name a part of it with `extend`, or use `in (…)` for many comparisons with one value"]))
    }
}
