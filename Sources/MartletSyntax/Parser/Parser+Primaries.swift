extension Parser {
    /// postfix = primary { "." name | "[" expr "]" | "[" [ expr ] ":" [ expr ] "]" | "::" type }
    mutating func postfix() throws(Bail) -> Expr {
        let start = start
        var expr = try primary()
        // Each turn takes a token or leaves.
        while true {
            switch token.kind {
            case .dot: expr = try field(of: expr, from: start)
            case .leftBracket: expr = try subscripted(expr, from: start)
            case .doubleColon: expr = try cast(expr, from: start)
            default: return expr
            }
        }
    }

    private mutating func field(of value: Expr, from start: Int) throws(Bail) -> Expr {
        advance()
        let field = try node(.field(value, try fieldName()), from: start)
        guard isAt(.leftParen) else { return field }
        throw fail(
            Diagnostic(
                .unexpectedToken, "there are no methods", at: token.span,
                help: ["functions take the value as an argument: `f(value)`"]))
    }

    private mutating func cast(_ value: Expr, from start: Int) throws(Bail) -> Expr {
        advance()
        return try node(.cast(value, try type(), .doubleColon), from: start)
    }

    /// Behind a dot any word is a name.
    private mutating func fieldName() throws(Bail) -> Name {
        isAt(.name) ? plainName(advance()) : try name("the name of a field")
    }

    private mutating func subscripted(_ value: Expr, from start: Int) throws(Bail) -> Expr {
        let opening = advance()
        var from: Expr?
        if !isAt(.colon) {
            let index = try expression()
            if !isAt(.colon) {
                try close(opening, .rightBracket)
                return try node(.index(value, index), from: start)
            }
            from = index
        }
        _ = try expect(.colon, ":")
        let to = isAt(.rightBracket) ? nil : try expression()
        try close(opening, .rightBracket)
        return try node(.slice(value, from: from, to: to), from: start)
    }

    /// primary = literal | "$" name | name | call | "(" expr ")" | "[" [ exprs ] "]" | "{" name ":" expr { "," … } "}"
    ///         | "case" … "end" | ( "cast" | "try_cast" ) "(" expr "as" type ")"
    private mutating func primary() throws(Bail) -> Expr {
        switch token.kind {
        case .integer, .float, .string, .parameter: return try leaf()
        case .quotedName: return try nameOrCall()
        case .name: return try token.word?.isReserved ?? false ? wordPrimary() : nameOrCall()
        case .leftParen: return try parenthesized()
        case .leftBracket: return try list()
        case .leftBrace: return try structure()
        default: throw noExpression()
        }
    }

    private mutating func leaf() throws(Bail) -> Expr {
        let start = start
        let token = token
        let kind: Expr.Kind
        switch token.kind {
        case .integer: kind = .literal(.int(Int64(clamping: try integer(token, limit: UInt64(Int64.max)))))
        case .float: kind = .literal(.float(try float(token)))
        case .string: kind = .literal(.string(stringValue(token)))
        default: kind = .parameter(parameterName(token))
        }
        advance()
        return try node(kind, from: start)
    }

    private mutating func wordPrimary() throws(Bail) -> Expr {
        let start = start
        switch token.word {
        case .case: return try caseExpression()
        case .cast: return try cast(.cast)
        case .tryCast: return try cast(.tryCast)
        case .null:
            advance()
            return try node(.literal(.null), from: start)
        case .true, .false:
            let value = advance().word == .true
            return try node(.literal(.bool(value)), from: start)
        default: throw noExpression()
        }
    }

    private mutating func nameOrCall() throws(Bail) -> Expr {
        let start = start
        let name = try name()
        guard isAt(.leftParen) else { return try node(.name(name), from: start) }
        return try node(.call(try arguments(of: name, from: start)), from: start)
    }

    private mutating func parenthesized() throws(Bail) -> Expr {
        let opening = advance()
        var expr = try expression()
        try close(opening, .rightParen)
        expr.isParenthesized = true
        return expr
    }

    private mutating func list() throws(Bail) -> Expr {
        let start = start
        let opening = advance()
        if take(.rightBracket) != nil { return try node(.list([]), from: start) }
        let items = try bracketed(opening, .rightBracket) { (parser: inout Parser) throws(Bail) in
            try parser.expression()
        }
        return try node(.list(items), from: start)
    }

    private mutating func structure() throws(Bail) -> Expr {
        let start = start
        let opening = advance()
        let fields = try bracketed(opening, .rightBrace) { (parser: inout Parser) throws(Bail) in
            let name = try parser.fieldName()
            if !parser.isAt(.colon), parser.isAt(.equal) || parser.isAt(.fatArrow) {
                throw parser.expected("`:`", help: ["fields of a struct are written `{name: value}`"])
            }
            _ = try parser.expect(.colon, ":")
            return StructField(name, try parser.expression())
        }
        return try node(.struct(fields), from: start)
    }

    /// ( "cast" | "try_cast" ) "(" expr "as" type ")"
    private mutating func cast(_ form: CastForm) throws(Bail) -> Expr {
        let start = start
        advance()
        let opening = try expect(.leftParen, "(")
        let value = try expression()
        try expect(.as)
        let type = try type()
        try close(opening, .rightParen)
        return try node(.cast(value, type, form), from: start)
    }

    /// "case" [ expr ] "when" expr "then" expr { "when" expr "then" expr } [ "else" expr ] "end"
    private mutating func caseExpression() throws(Bail) -> Expr {
        let start = start
        let opening = advance()
        let operand = isAt(.when) ? nil : try expression()
        var arms: [CaseArm] = []
        repeat { arms.append(try caseArm()) } while isAt(.when)
        let otherwise = take(.else) == nil ? nil : try expression()
        guard take(.end) != nil else { throw missingEnd(of: opening, "case") }
        return try node(.case(operand: operand, arms: arms, otherwise: otherwise), from: start)
    }

    private mutating func caseArm() throws(Bail) -> CaseArm {
        try expect(.when)
        let when = try expression()
        try expect(.then)
        return CaseArm(when: when, then: try expression())
    }

    mutating func missingEnd(of opening: Token, _ what: String) -> Bail {
        if isAt(.endOfText) || isAt(.semicolon) || isAt(.pipe) || isAt(.rightParen) || beginsStatementLine(at: index) {
            return fail(
                Diagnostic(
                    .missingEnd, "`\(what)` has no `end`",
                    labels: [.primary(opening.span), .secondary(gap, "expected `end` here")],
                    fix: .replace(gap, with: " end")))
        }
        return expected("`end`", .missingEnd, labels: [.secondary(opening.span, "of this `\(what)`")])
    }

    private mutating func noExpression() -> Bail {
        if isAt(.dot), peek().kind == .integer, peek().span.start == token.span.end {
            let number = Span(token.span.start, peek().span.end)
            return fail(
                Diagnostic(
                    .badNumber, "a number begins with a digit", at: number, help: ["write `0\(source[number])`"],
                    fix: .replace(number, with: "0" + source[number])))
        }
        if let word = token.word, word.isReserved {
            let shown = source[token.span]
            return expected(
                "an expression", .expectedExpression,
                help: ["`\(shown)` is a reserved word; a column of that name is written `\"\(shown)\"`"])
        }
        return expected("an expression", .expectedExpression)
    }
}
