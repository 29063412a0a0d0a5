extension Parser {
    /// element { "," element } — entered at the first element. `isAtEnd` says where a list without brackets is over, so that
    /// a comma before it is told as one too many.
    mutating func commaList<Element>(
        isAtEnd: (Parser) -> Bool, _ element: (inout Parser) throws(Bail) -> Element
    ) throws(Bail) -> [Element] {
        var elements = [try element(&self)]
        while isAt(.comma) {
            let comma = advance()
            if isAtEnd(self) {
                reportTrailing(comma)
                break
            }
            elements.append(try element(&self))
        }
        return elements
    }

    mutating func reportTrailing(_ comma: Token) {
        report(
            Diagnostic(
                .trailingComma, "nothing follows the comma", at: comma.span, help: ["remove the comma"],
                fix: .replace(comma.span, with: "")))
    }

    /// "(" element { "," element } ")" — entered behind the bracket; takes the closing one.
    mutating func bracketed<Element>(
        _ opening: Token, _ closing: TokenKind, _ element: (inout Parser) throws(Bail) -> Element
    ) throws(Bail) -> [Element] {
        let elements = try commaList(isAtEnd: { $0.isAt(closing) }, element)
        try close(opening, closing)
        return elements
    }

    /// Takes the closing bracket.
    mutating func close(_ opening: Token, _ closing: TokenKind) throws(Bail) {
        if take(closing) != nil { return }
        let shown = closing == .rightParen ? ")" : closing == .rightBracket ? "]" : "}"
        let isOver =
            isAt(.endOfText) || isAt(.semicolon) || isAt(.pipe) || isAt(.rightParen) || isAt(.rightBracket)
            || isAt(.rightBrace) || beginsStatementLine(at: index)
        if isOver {
            throw fail(
                Diagnostic(
                    .unclosedBracket, "`\(source[opening.span])` is not closed",
                    labels: [.primary(opening.span), .secondary(gap, "expected `\(shown)` here")],
                    fix: .replace(gap, with: shown)))
        }
        var help: [String] = []
        if token.kind == .equal || token.kind == .foreign { help.append(contentsOf: operatorHelp(token)) }
        throw expected(
            closing == .rightParen || closing == .rightBracket ? "`,` or `\(shown)`" : "`\(shown)`",
            labels: [.secondary(opening.span, "opened here")], help: help)
    }

    /// names = name { "," name }, in parentheses
    mutating func names() throws(Bail) -> [Name] {
        let opening = try expect(.leftParen, "(")
        return try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in try parser.name() }
    }

    /// name = identifier | quoted identifier
    mutating func name(_ what: String = "a name") throws(Bail) -> Name {
        switch token.kind {
        case .quotedName: return quotedName(advance())
        case .name:
            if let word = token.word, word.isReserved {
                let shown = source[token.span]
                throw fail(
                    Diagnostic(
                        .expectedName, "expected \(what), found the reserved word `\(shown)`", at: token.span,
                        help: ["to use it as a name, put it in double quotes: `\"\(shown)\"`"]))
            }
            return plainName(advance())
        case .string:
            let value = stringValue(token)
            throw fail(
                Diagnostic(
                    .expectedName, "expected \(what), found \(describe(token))", at: token.span,
                    help: ["names are written bare or in double quotes: `\(spelled(value))`"],
                    fix: value.isEmpty ? nil : .replace(token.span, with: spelled(value))))
        default: throw expected(what, .expectedName)
        }
    }

    func plainName(_ token: Token) -> Name { Name(source[token.span], token.span) }

    func quotedName(_ token: Token) -> Name { Name(unquoted(token, by: "\""), token.span) }

    /// The name behind the dollar.
    func parameterName(_ token: Token) -> Name {
        Name(source[Span(token.span.start + 1, token.span.end)], token.span)
    }
}
