extension Parser {
    /// script = [ stmt ] { ";" [ stmt ] }
    mutating func script() -> Script {
        var statements: [Statement] = []
        // Each turn takes a token.
        while !isAt(.endOfText) {
            if take(.semicolon) != nil { continue }
            let first = index
            let errors = diagnostics.count
            if var statement = recoveringStatement() {
                statement.isWhole = diagnostics.count == errors && !hasLexicalError(in: statement.span)
                statements.append(statement)
            }
            if !isAt(.endOfText), !isAt(.semicolon) { statementIsOver(first) }
            if index == first { advance() }
        }
        return Script(statements, Span(0, source.bytes.count))
    }

    private func hasLexicalError(in span: Span) -> Bool {
        diagnostics.contains {
            $0.severity == .error && $0.primarySpan.map { span.start <= $0.start && $0.start <= span.end } ?? false
        }
    }

    /// Something other than `;` behind a statement.
    private mutating func statementIsOver(_ first: Int) {
        if index > first, let word = token.word, word.beginsStatement {
            report(
                Diagnostic(
                    .missingSemicolon, "`;` is missing before `\(source[token.span])`",
                    labels: [
                        .primary(gap, "expected `;` here"), .secondary(token.span, "a new statement begins here"),
                    ],
                    fix: .replace(gap, with: ";")))
            return
        }
        _ = expected("`|>` or `;`", help: operatorHelp(token))
        skipStatement(from: index)
    }

    private mutating func recoveringStatement() -> Statement? {
        let first = index
        let start = start
        do {
            let kind = try statement()
            return Statement(kind, span(from: start))
        } catch {
            skipStatement(from: first)
            return nil
        }
    }

    /// stmt = "model" … | "param" … | "define" … | "let" … | "set" … | "explain" … | "show" … | "describe" … | query
    private mutating func statement() throws(Bail) -> Statement.Kind {
        switch token.word {
        case .model: return try modelStatement()
        case .param: return try paramStatement()
        case .define: return try defineStatement()
        case .let: return try letStatement()
        case .set:
            advance()
            let name = try name("the name of a setting")
            try equals(after: "the setting's name")
            return .set(name: name, value: try expression())
        case .explain:
            advance()
            let analyze = take(.analyze) != nil
            return .explain(analyze: analyze, query: try query())
        case .show:
            advance()
            return .show(try name("the name of what to show"))
        case .describe:
            advance()
            return .describe(try name("the name of what to describe"))
        case .load, .from: return .query(try query())
        default: throw noStatement()
        }
    }

    /// "model" name "=" "load" expr [ "as" sig ] [ opts ]
    private mutating func modelStatement() throws(Bail) -> Statement.Kind {
        advance()
        let name = try name("the name of the model")
        try equals(after: "the model's name")
        guard take(.load) != nil else {
            throw expected("`load`", help: ["write `model \(spelled(name.text)) = load 'path';`"])
        }
        let path = try expression()
        let signature = take(.as) == nil ? nil : try signature()
        return .model(name: name, path: path, signature: signature, options: try options())
    }

    /// "param" name ( type [ "=" expr ] | "table" "(" fields ")" )
    private mutating func paramStatement() throws(Bail) -> Statement.Kind {
        advance()
        if isAt(.parameter) {
            throw fail(
                Diagnostic(
                    .expectedName, "a parameter is declared without `$`", at: token.span,
                    fix: .replace(Span(start, start + 1), with: "")))
        }
        let name = try name("the name of the parameter")
        if isAt(.table), peek().kind == .leftParen {
            advance()
            return .tableParam(name: name, fields: try fields())
        }
        let type = try type()
        return .param(name: name, type: type, default: take(.equal) == nil ? nil : try expression())
    }

    /// "define" name "(" [ fields ] ")" "=" ( expr | stages )
    private mutating func defineStatement() throws(Bail) -> Statement.Kind {
        advance()
        let name = try name("the name of the definition")
        let parameters = try fields()
        try equals(after: "the parameters")
        if beginsStages() {
            return .define(name: name, parameters: parameters, body: .stages(try stages()))
        }
        let start = start
        let value = try expression()
        if isAt(.pipe), case .call(let call) = value.kind {
            advance()
            let first = Stage(.call(call), span(from: start), nameSpan: call.name.span)
            return .define(name: name, parameters: parameters, body: .stages([first] + (try stages())))
        }
        return .define(name: name, parameters: parameters, body: .expression(value))
    }

    /// Whether a body of `define` is stages: it begins with the name of a stage, not quoted.
    private func beginsStages() -> Bool {
        guard let word = token.word, StageSyntax.byWord[word] != nil else { return false }
        return word != .left || peek().word == .join
    }

    /// "let" name "=" query
    private mutating func letStatement() throws(Bail) -> Statement.Kind {
        advance()
        let name = try name("the name of the query")
        try equals(after: "the query's name")
        guard isAt(.load) || isAt(.from) else {
            throw expected(
                "a query",
                help: [
                    "a query begins with `load 'file'` or `from name`",
                    "an expression gets a name with `define \(spelled(name.text))() = …`",
                ])
        }
        return .let(name: name, query: try query())
    }
}
