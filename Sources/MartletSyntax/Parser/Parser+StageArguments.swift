extension Parser {
    /// Where a list without brackets is over.
    private var isBehindItems: Bool {
        switch token.kind {
        case .endOfText, .semicolon, .pipe, .rightParen: true
        case .name: (isAt(.group) && peek().word == .by) || isAt(.end) || isAt(.else) || isAt(.when)
        default: false
        }
    }

    /// items = item { "," item }
    mutating func items(allowingStar: Bool = false) throws(Bail) -> [Item] {
        let items = try commaList(isAtEnd: \.isBehindItems) { (parser: inout Parser) throws(Bail) in
            try parser.item(allowingStar: allowingStar)
        }
        return items
    }

    /// item = expr [ "as" name ] | [ name "." ] "*"
    private mutating func item(allowingStar: Bool) throws(Bail) -> Item {
        let start = start
        let isQualified = (isAt(.name) || isAt(.quotedName)) && peek().kind == .dot && peek(2).kind == .star
        if isAt(.star) || isQualified {
            guard allowingStar else {
                throw fail(
                    Diagnostic(.unexpectedToken, "`*` stands for columns in `select` only", at: token.span))
            }
            let qualifier = isQualified ? try name() : nil
            if isQualified { advance() }
            advance()
            return Item(.star(of: qualifier), span(from: start))
        }
        let value = try expression()
        let alias = try alias()
        if alias == nil, isAliasWithoutAs() {
            throw fail(
                Diagnostic(
                    .missingAs, "expected `,` or `as`, found \(describe(token))", at: token.span,
                    help: ["a new name is given with `as`: `… as \(source[token.span])`"],
                    fix: .replace(Span(self.start, self.start), with: "as ")))
        }
        return Item(.expression(value, alias: alias), span(from: start))
    }

    /// Behind an expression: a plain name that begins nothing else.
    private func isAliasWithoutAs() -> Bool {
        guard isAt(.name) || isAt(.quotedName) else { return false }
        guard let word = token.word else { return true }
        if word.isReserved || word == .from || word == .group || StageSyntax.byWord[word] != nil { return false }
        if word == .weight || beginsStatementLine(at: index) { return false }
        return true
    }

    mutating func selectStage(_ select: Token) throws(Bail) -> Stage.Kind {
        let items = try items(allowingStar: true)
        if isAt(.from), !beginsStatementLine(at: index) {
            throw fail(
                Diagnostic(
                    .selectFirst, "`from` does not follow `select`",
                    labels: [.primary(token.span), .secondary(select.span)],
                    help: ["a query begins with its source: `from … |> select …`"]))
        }
        return .select(items)
    }

    /// renames = name "as" name { "," name "as" name }
    mutating func renamings() throws(Bail) -> [Renaming] {
        try commaList(isAtEnd: \.isBehindItems) { (parser: inout Parser) throws(Bail) in
            let from = try parser.name("the name of a column")
            try parser.expect(.as)
            return Renaming(from: from, to: try parser.name())
        }
    }

    mutating func limitStage() throws(Bail) -> Stage.Kind {
        let count = try count("a count of rows")
        return .limit(count, offset: take(.offset) == nil ? nil : try self.count("a count of rows"))
    }

    /// keys = key { "," key } ; key = expr [ "asc" | "desc" ] [ "nulls" ( "first" | "last" ) ]
    mutating func orderStage() throws(Bail) -> Stage.Kind {
        try expect(.by)
        return .orderBy(
            try commaList(isAtEnd: \.isBehindItems) { (parser: inout Parser) throws(Bail) in
                try parser.orderKey()
            })
    }

    private mutating func orderKey() throws(Bail) -> OrderKey {
        let value = try expression()
        let descending = take(.desc) != nil
        if !descending { _ = take(.asc) }
        var nullsFirst: Bool?
        if take(.nulls) != nil {
            if take(.first) != nil {
                nullsFirst = true
            } else {
                try expect(.last)
                nullsFirst = false
            }
        }
        return OrderKey(value, descending: descending, nullsFirst: nullsFirst)
    }

    /// batch = int | "rows" int | "tokens" int | "auto"
    mutating func batchSize() throws(Bail) -> BatchSize {
        if take(.auto) != nil { return .auto }
        if take(.tokens) != nil { return .tokens(try count("a count of tokens")) }
        if take(.rows) != nil { return .rows(try count("a count of rows")) }
        guard isAt(.integer) else {
            throw expected("a count, `rows`, `tokens` or `auto`", help: ["write `batch tokens 8192` or `batch auto`"])
        }
        return .rows(try count())
    }

    /// infer = "infer" call [ "as" outs ] [ infer-opts ] [ onerr ]
    mutating func inferStage() throws(Bail) -> Stage.Kind {
        let call = try call(for: "the model")
        let outputs = take(.as) == nil ? nil : try outputs()
        let options = try inferOptions()
        let onError = try onError()
        if onError != nil, isAt(.with) { throw misplacedOptions() }
        return .infer(call, outputs: outputs, options: options, onError: onError)
    }

    /// `with` behind a clause that it must precede.
    mutating func misplacedOptions() -> Bail {
        fail(
            Diagnostic(
                .wrongOrder, "`with (…)` stands too late", at: token.span, help: ["`with (…)` goes before this clause"])
        )
    }

    mutating func aggregateStage() throws(Bail) -> Stage.Kind {
        if isAt(.group), peek().word == .by {
            throw fail(
                Diagnostic(
                    .expectedExpression, "`aggregate` has nothing to compute", at: token.span,
                    help: ["write `aggregate count() as n group by …`, or `distinct` for the groups alone"]))
        }
        let items = try items()
        guard take(.group) != nil else { return .aggregate(items, groupBy: []) }
        try expect(.by)
        return .aggregate(items, groupBy: try self.items())
    }

    mutating func distinctStage() throws(Bail) -> Stage.Kind {
        guard take(.on) != nil else { return .distinct(on: []) }
        let opening = try expect(.leftParen, "(")
        return .distinct(
            on: try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in try parser.expression() })
    }

    mutating func joinStage(left: Bool) throws(Bail) -> Stage.Kind {
        let relation = try relation()
        try expect(.on)
        return .join(relation, left: left, on: try expression())
    }

    mutating func nearestStage() throws(Bail) -> Stage.Kind {
        let count = try count("a count of rows")
        let relation = try relation()
        try expect(.on)
        let similarity = try expression()
        return .nearest(count, relation, on: similarity, name: try alias())
    }
}
