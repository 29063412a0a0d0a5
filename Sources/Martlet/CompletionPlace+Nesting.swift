import MartletSyntax

/// What a place stands in: an argument of a call, or the options of a `with (…)`.
extension CompletionPlace {
    /// The argument that is begun, counted from 0.
    struct Argument: Equatable {
        var function: String
        var number: Int
    }

    /// Whose options are asked for.
    enum OptionOwner: Equatable {
        /// `load 'path'`; `format` is what the options before say.
        case data(path: String, format: String?)
        case model
        case write(path: String)
        /// A stage, by its first word.
        case stage(String)
    }

    /// The innermost bracket that is open at the end of `tokens`, and how many commas stand directly in it.
    private static func openBracket(_ tokens: ArraySlice<Token>) -> (index: Int, commas: Int)? {
        var depth = 0
        var commas = 0
        for index in tokens.indices.reversed() {
            switch tokens[index].kind {
            case .rightParen, .rightBracket, .rightBrace: depth += 1
            case .leftParen, .leftBracket, .leftBrace:
                if depth == 0 { return (index, commas) }
                depth -= 1
            case .comma where depth == 0: commas += 1
            // The bracket is that of a query, not of a call.
            case .pipe where depth == 0: return nil
            default: break
            }
        }
        return nil
    }

    /// nil if no argument begins at the end of `tokens`.
    static func argument(after tokens: ArraySlice<Token>, _ source: SourceText) -> Argument? {
        guard let last = tokens.last, last.kind == .leftParen || last.kind == .comma,
            let open = openBracket(tokens), open.index > tokens.startIndex, tokens[open.index].kind == .leftParen
        else { return nil }
        let caller = tokens[open.index - 1]
        guard caller.kind == .name, caller.word != .with, caller.word != .values, caller.word != .as else { return nil }
        return Argument(function: source[caller.span].lowercased(), number: open.commas)
    }

    /// nil if no option begins at the end of `tokens`, which are those of one statement.
    static func optionOwner(after tokens: ArraySlice<Token>, _ source: SourceText) -> OptionOwner? {
        guard let last = tokens.last, last.kind == .leftParen || last.kind == .comma,
            let open = openBracket(tokens), open.index > tokens.startIndex, tokens[open.index - 1].word == .with
        else { return nil }
        let before = tokens[..<(open.index - 1)]
        if let path = before.last, path.kind == .string, before.count > 1 {
            let word = before[before.endIndex - 2].word
            if word == .write { return .write(path: unquoted(path, source)) }
            if word == .load, tokens.first?.word != .model {
                let format = zip(tokens[open.index...], tokens[open.index...].dropFirst(2)).first {
                    source[$0.0.span].lowercased() == "format" && $0.1.kind == .string
                }
                return .data(path: unquoted(path, source), format: format.map { unquoted($0.1, source) })
            }
        }
        if tokens.first?.word == .model { return .model }
        return stage(before).map { .stage($0.rawValue) }
    }

    private static func unquoted(_ token: Token, _ source: SourceText) -> String {
        String(source[token.span].dropFirst().dropLast())
    }
}
