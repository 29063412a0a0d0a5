extension Parser {
    /// Explains a text that begins no statement.
    mutating func noStatement() -> Bail {
        let shown = source[token.span]
        if isAt(.select) { return sqlOrder() }
        if isAt(.pipe) {
            return fail(
                Diagnostic(
                    .expectedStatement, "a query begins with its source, not with `|>`", at: token.span,
                    help: [
                        "begin with `load 'file'` or `from name`", "if the query above goes on here, remove the `;`",
                    ]))
        }
        if let word = token.word, StageSyntax.byWord[word] != nil {
            return fail(
                Diagnostic(
                    .expectedStatement, "`\(shown)` is a stage and needs rows to work on", at: token.span,
                    help: ["begin with the source: `load 'file' |> \(shown) …`"]))
        }
        if isAt(.name) {
            let verbs = ["model", "param", "define", "let", "set", "explain", "show", "describe", "load", "from"]
            var help = [
                "statements begin with `load`, `from`, `model`, `let`, `param`, `define`, `set`, `explain`, `show` or `describe`"
            ]
            var fix: Fix?
            if let foreign = Self.foreignStatements[shown.lowercased()] {
                help = [foreign]
            } else if let near = closest(to: shown, among: verbs) {
                help = ["did you mean `\(near)`?"]
                fix = .replace(token.span, with: near)
            }
            return fail(
                Diagnostic(.unknownStatement, "unknown statement `\(shown)`", at: token.span, help: help, fix: fix))
        }
        return expected("a statement", .expectedStatement, help: ["a query begins with `load 'file'` or `from name`"])
    }

    /// What the statements of SQL are here.
    private static let foreignStatements: [String: String] = [
        "create": "name a query with `let name = …`, a model with `model name = load '…'`",
        "insert": "write rows with `|> write 'file'`", "update": "compute columns with `|> extend expr as name`",
        "delete": "keep rows with `|> where condition`", "copy": "write rows with `|> write 'file'`",
        "with": "name a query with `let name = …;`", "import": "data comes in with `load 'file'`",
        "use": "a model comes in with `model name = load 'path'`", "var": "name a query with `let name = …`",
        "function": "write `define name(argument type) = …`", "def": "write `define name(argument type) = …`",
        "values": "write `from values (1), (2) as t(x)`", "desc": "write `describe name`",
    ]

    /// `select … from … where …`: shows the same query in the order of the language.
    private mutating func sqlOrder() -> Bail {
        let select = token
        var clauses: [(word: Word, text: String)] = []
        var word = Word.select
        var position = index + 1
        var first = position
        var parens = 0
        func text() -> String {
            first < position ? source[Span(tokens[first].span.start, tokens[position - 1].span.end)] : ""
        }
        while tokens[position].kind != .endOfText, tokens[position].kind != .semicolon,
            !beginsStatementLine(at: position) || tokens[position].word == .from
        {
            switch tokens[position].kind {
            case .leftParen: parens += 1
            case .rightParen: parens -= 1
            default: break
            }
            if parens == 0, let next = tokens[position].word, [.from, .where, .group, .order, .limit].contains(next) {
                clauses.append((word, text()))
                word = next
                first = position + 1
            }
            position += 1
        }
        clauses.append((word, text()))
        var help = ["a query begins with its source: `from … |> where … |> select …`"]
        if let rewritten = Self.pipeline(clauses), rewritten.utf8.count <= 200, !rewritten.contains("\n") {
            help = ["write `\(rewritten)`"]
        }
        return fail(
            Diagnostic(
                .selectFirst, "a query begins with its source, not with `select`", at: select.span, help: help))
    }

    /// The clauses of a simple `select` as a pipeline; nil for what takes more than another order.
    private static func pipeline(_ clauses: [(word: Word, text: String)]) -> String? {
        func text(_ word: Word) -> String? {
            clauses.first { $0.word == word }.map(\.text)
        }
        guard let items = text(.select), let from = text(.from), !items.isEmpty, !from.isEmpty else { return nil }
        guard text(.group) == nil, Set(clauses.map(\.word)).count == clauses.count else { return nil }
        var stages = [from.hasPrefix("'") ? "load \(from)" : "from \(from)"]
        if let condition = text(.where) { stages.append("where \(condition)") }
        if let keys = text(.order) { stages.append("order \(keys)") }
        if items != "*" { stages.append("select \(items)") }
        if let count = text(.limit) { stages.append("limit \(count)") }
        return stages.joined(separator: " |> ")
    }
}
