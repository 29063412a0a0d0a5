extension Parser {
    /// query = source { "|>" stage }
    mutating func query() throws(Bail) -> Query {
        try enter(cost: Self.queryDepth)
        defer { depth -= Self.queryDepth }
        let start = start
        let source = try querySource()
        var stages: [Stage] = []
        if take(.pipe) != nil || (!endsQuery() && missesFirstPipe()) { stages = try self.stages() }
        return Query(source: source, stages: stages, span(from: start))
    }

    private func endsQuery() -> Bool { isAt(.endOfText) || isAt(.semicolon) || isAt(.rightParen) }

    /// A stage right behind the source, without `|>`.
    private mutating func missesFirstPipe() -> Bool {
        let isBar = isAt(.foreign) && source[token.span] == "|"
        let isStage = token.word.map { StageSyntax.byWord[$0] != nil } ?? false
        guard isBar || isStage else { return false }
        report(
            Diagnostic(
                .missingPipe,
                isBar ? "stages are joined with `|>`" : "`|>` is missing before `\(source[token.span])`",
                at: token.span,
                help: ["every stage begins with `|>`"],
                fix: isBar ? .replace(token.span, with: "|>") : .replace(Span(start, start), with: "|> ")))
        if isBar { advance() }
        return true
    }

    /// source = "load" string [ opts ] [ "as" name ] | "from" relation
    private mutating func querySource() throws(Bail) -> Source {
        let start = start
        if take(.load) != nil {
            let path = try string("the path of a file")
            let options = try options()
            let alias = try alias()
            if alias != nil, isAt(.with) { throw misplacedOptions() }
            return Source(.load(path: path, options: options, alias: alias), span(from: start))
        }
        if take(.from) != nil { return Source(.from(try relation()), span(from: start)) }
        throw expected("a query", help: ["a query begins with `load 'file'` or `from name`"])
    }

    /// relation = ( name | "$" name | "values" row { "," row } | "(" query ")" ) [ "as" name [ "(" names ")" ] ]
    mutating func relation() throws(Bail) -> Relation {
        let start = start
        let kind = try relationKind()
        guard let alias = try alias() else { return Relation(kind, span(from: start)) }
        let columns = isAt(.leftParen) ? try names() : []
        return Relation(kind, alias: alias, columns: columns, span(from: start))
    }

    private mutating func relationKind() throws(Bail) -> Relation.Kind {
        switch token.kind {
        case .parameter: return .parameter(parameterName(advance()))
        case .leftParen: return try subquery()
        case .string:
            throw fail(
                Diagnostic(
                    .expectedName, "`from` takes a name, not a file", at: token.span,
                    help: ["files come in with `load \(source[token.span])`"]))
        default:
            if isAt(.values), peek().kind == .leftParen {
                advance()
                return .values(
                    try commaList(isAtEnd: { !$0.isAt(.leftParen) }) { (parser: inout Parser) throws(Bail) in
                        try parser.row()
                    })
            }
            return .named(try name("the name of a relation"))
        }
    }

    /// "(" query ")"
    private mutating func subquery() throws(Bail) -> Relation.Kind {
        let opening = advance()
        parenthesizedQueries += 1
        let outerBodies = bodies
        bodies = 0
        defer {
            parenthesizedQueries -= 1
            bodies = outerBodies
        }
        let query = try query()
        try close(opening, .rightParen)
        return .query(query)
    }

    /// row = "(" exprs ")"
    private mutating func row() throws(Bail) -> Row {
        let start = start
        let opening = try expect(.leftParen, "(")
        let values = try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
            try parser.expression()
        }
        return Row(values, span(from: start))
    }
}
