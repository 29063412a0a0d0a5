extension Parser {
    /// stages = stage { "|>" stage } — entered at the first stage. What could not be parsed is left out.
    mutating func stages() throws(Bail) -> [Stage] {
        var stages: [Stage] = []
        // Each turn takes a token or leaves.
        while true {
            let before = index
            if let stage = recoveringStage() { stages.append(stage) }
            if take(.pipe) != nil { continue }
            if endsStages() { return stages }
            if index > before, missesPipe() { continue }
            if index == before || token.word?.beginsStatement == true { return stages }
            _ = expected(continuations, help: operatorHelp(token))
            skipStage()
            guard take(.pipe) != nil else { return stages }
        }
    }

    private var continuations: String {
        if bodies > 0 { return "`|>`, the next arm or `end`" }
        return parenthesizedQueries > 0 ? "`|>` or `)`" : "`|>` or `;`"
    }

    /// Whether what follows is none of the stage list's business.
    private func endsStages() -> Bool {
        switch token.kind {
        case .endOfText, .semicolon: return true
        case .rightParen: return parenthesizedQueries > 0
        case .name:
            guard let word = token.word else { return false }
            return bodies > 0 && (word == .when || word == .else || word == .end || word == .weight)
        default: return false
        }
    }

    /// Behind a whole stage: a stage's name with no `|>` before it, or `|` for `|>`. Reports it, and says whether to go on
    /// with a stage here.
    private mutating func missesPipe() -> Bool {
        if isAt(.foreign), source[token.span] == "|" {
            report(
                Diagnostic(
                    .missingPipe, "stages are joined with `|>`", at: token.span,
                    fix: .replace(token.span, with: "|>")))
            advance()
            return true
        }
        guard let word = token.word, StageSyntax.byWord[word] != nil, !beginsStatementLine(at: index) else {
            return false
        }
        report(
            Diagnostic(
                .missingPipe, "`|>` is missing before `\(source[token.span])`", labels: [.primary(token.span)],
                help: ["every stage begins with `|>`"], fix: .replace(Span(start, start), with: "|> ")))
        return true
    }

    /// A stage, or nil after skipping to where the next one can begin.
    private mutating func recoveringStage() -> Stage? {
        do {
            return try stage()
        } catch {
            skipStage()
            return nil
        }
    }

    /// stage = stage-name arguments | call
    private mutating func stage() throws(Bail) -> Stage {
        let first = token
        guard first.kind == .name || first.kind == .quotedName else { throw noStage() }
        if let word = first.word, let syntax = StageSyntax.byWord[word], !isCallOfLeft() {
            return try stage(syntax)
        }
        guard peek().kind == .leftParen, first.word.map({ !$0.isReserved }) ?? true else { return try unknownStage() }
        let call = try call(for: "the stage")
        return Stage(.call(call), span(from: first.span.start), nameSpan: call.name.span)
    }

    /// `left` is a stage only before `join`.
    private func isCallOfLeft() -> Bool { isAt(.left) && peek().kind == .leftParen }

    private mutating func stage(_ syntax: StageSyntax) throws(Bail) -> Stage {
        let first = advance()
        let hasSecondWord = syntax.word == .order || syntax.word == .left || syntax.word == .split
        let isWhole = hasSecondWord && (isAt(.by) || isAt(.join)) && syntax.word != .split
        let nameSpan = isWhole ? first.span.union(token.span) : first.span
        let kind = try syntax.parse(&self, first)
        return Stage(kind, span(from: first.span.start), nameSpan: nameSpan)
    }

    private mutating func noStage() -> Bail {
        if previous.kind == .pipe {
            if isAt(.pipe) || isAt(.endOfText) || isAt(.semicolon) || isAt(.rightParen) {
                return fail(
                    Diagnostic(
                        .emptyStage, "nothing follows `|>`", at: previous.span,
                        help: ["write a stage after it, or remove it"], fix: .replace(previous.span, with: "")))
            }
        } else if isAt(.pipe) {
            return fail(
                Diagnostic(
                    .unexpectedToken, "no `|>` before the first stage of an arm", at: token.span,
                    fix: .replace(token.span, with: "")))
        }
        return expected("a stage")
    }

    /// A name that is no stage. When it is close to one, the rest is parsed as that one for further errors.
    private mutating func unknownStage() throws(Bail) -> Stage {
        let shown = source[token.span]
        var help: [String] = []
        var fix: Fix?
        var meant: StageSyntax?
        if isAt(.from) || isAt(.load) {
            help = ["a query begins with its source: `\(shown) … |> …`; more rows come with `join` or `union`"]
        } else if let synonym = StageSyntax.synonyms[shown.lowercased()] {
            help = ["this is written `\(synonym)` here"]
        } else if let near = closest(to: shown, among: StageSyntax.names) {
            meant = StageSyntax.all.first { $0.name == near }
            help = ["did you mean `\(near)`?"]
            fix = .replace(token.span, with: near)
        } else {
            help = ["a stage made with `define` is called with parentheses: `\(shown)(…)`"]
        }
        report(Diagnostic(.unknownStage, "unknown stage `\(shown)`", at: token.span, help: help, fix: fix))
        guard let meant else { throw Bail() }
        return try stage(meant)
    }
}
