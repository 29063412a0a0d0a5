extension Parser {
    /// Whether the token begins a statement that was surely meant as one: a statement's word, first on its line.
    func beginsStatementLine(at position: Int) -> Bool {
        guard position < tokens.count, let word = tokens[position].word, word.beginsStatement else { return false }
        return position == 0 || isFirstOnLine(position)
    }

    private func isFirstOnLine(_ position: Int) -> Bool {
        source.bytes[tokens[position - 1].span.end..<tokens[position].span.start].contains(UInt8(ascii: "\n"))
    }

    /// Skips to where a stage list can go on: `|>`, `;`, the end, a statement on its own line, or what closes the list.
    mutating func skipStage() {
        var parens = 0
        var cases = 0
        while !isAt(.endOfText) {
            switch token.kind {
            case .semicolon: return
            case .pipe where parens == 0: return
            case .leftParen: parens += 1
            case .rightParen:
                if parens == 0, parenthesizedQueries > 0 { return }
                parens = max(0, parens - 1)
            default: break
            }
            if beginsStatementLine(at: index), index > 0 { return }
            if parens == 0, let word = token.word {
                if word == .case {
                    cases += 1
                } else if word == .end, cases > 0 {
                    cases -= 1
                } else if bodies > 0, cases == 0, word == .when || word == .else || word == .end || word == .weight {
                    return
                }
            }
            advance()
        }
    }

    /// Skips to `;`, the end, or a statement on its own line; moves at least one token unless it stands at `;` or the end.
    mutating func skipStatement(from first: Int) {
        while !isAt(.endOfText), !isAt(.semicolon) {
            if index > first, beginsStatementLine(at: index) { return }
            advance()
        }
    }

    /// Runs a parse that is a guess; on failure nothing has happened.
    mutating func attempt<Result>(_ parse: (inout Parser) throws(Bail) -> Result) -> Result? {
        var trial = self
        let errors = diagnostics.count
        guard let result = try? parse(&trial), trial.diagnostics.count == errors else { return nil }
        self = trial
        return result
    }
}
