extension Parser {
    /// fields = field { "," field } — in parentheses, perhaps none.
    mutating func fields() throws(Bail) -> [Field] {
        let opening = try expect(.leftParen, "(")
        if take(.rightParen) != nil { return [] }
        return try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in try parser.field() }
    }

    /// field = name type [ "not" "null" ]
    private mutating func field() throws(Bail) -> Field {
        let start = start
        let name = try name()
        // `name: type` is how other languages write it.
        if let colon = take(.colon) {
            report(
                Diagnostic(
                    .foreignOperator, "no `:` between a name and its type", at: colon.span,
                    help: ["write `\(spelled(name.text)) type`"], fix: .replace(colon.span, with: "")))
        }
        let type = try type()
        var notNull = false
        if take(.not) != nil {
            try expect(.null)
            notNull = true
        }
        return Field(name, type, notNull: notNull, span(from: start))
    }

    /// type = name [ "[" dim { "," dim } "]" ] | "list" "(" type ")" | "struct" "(" fields ")"
    mutating func type() throws(Bail) -> TypeExpr {
        try enter()
        defer { depth -= 1 }
        let start = start
        if isAt(.list), peek().kind == .leftParen {
            advance()
            let opening = advance()
            let element = try type()
            try close(opening, .rightParen)
            return TypeExpr(.list(element), span(from: start))
        }
        if isAt(.struct), peek().kind == .leftParen {
            advance()
            return TypeExpr(.struct(try fields()), span(from: start))
        }
        let name = try name("a type")
        var dims: [TypeExpr.Dim] = []
        if let opening = take(.leftBracket) {
            dims = try bracketed(opening, .rightBracket) { (parser: inout Parser) throws(Bail) in try parser.dim() }
        }
        return TypeExpr(.named(name, dims: dims), span(from: start))
    }

    /// dim = int | name | "?"
    private mutating func dim() throws(Bail) -> TypeExpr.Dim {
        if take(.question) != nil { return .unknown }
        if isAt(.name) || isAt(.quotedName) { return .named(try name()) }
        return .size(try count("a dimension"))
    }

    /// sig = "(" fields ")" "->" "(" fields ")"
    mutating func signature() throws(Bail) -> Signature {
        let start = start
        let inputs = try fields()
        _ = try expect(.arrow, "->")
        let outputs = try fields()
        return Signature(inputs: inputs, outputs: outputs, span(from: start))
    }
}
