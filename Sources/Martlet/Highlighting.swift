import MartletSyntax

/// What the parts of a text are, for colours while it is typed. Works on unfinished and wrong text too.
package struct Highlighting: Sendable {
    package enum Kind: Sendable, Equatable {
        case keyword, function, string, number, parameter, comment, pipe, mistake
    }

    /// Bytes `start..<end` of the text.
    package struct Part: Sendable, Equatable {
        package var start: Int
        package var end: Int
        package var kind: Kind
    }

    /// In order, without overlaps; what has no colour is left out.
    package let parts: [Part]

    /// O(bytes).
    package init(_ text: String) {
        let source = SourceText(name: "", text)
        let tokens = Lexer.tokens(of: source).tokens.filter { $0.kind != .whitespace && $0.kind != .endOfText }
        var before: Token?
        var parts: [Part] = []
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            if let kind = Self.kind(token, before: before, next: next) {
                parts.append(Part(start: token.span.start, end: token.span.end, kind: kind))
            }
            if !token.kind.isTrivia { before = token }
        }
        self.parts = parts
    }

    private static func kind(_ token: Token, before: Token?, next: Token?) -> Kind? {
        switch token.kind {
        case .comment, .shebang: return .comment
        case .unknown, .foreign: return .mistake
        case .string: return .string
        case .integer, .float: return .number
        case .parameter: return .parameter
        case .pipe: return .pipe
        case .name:
            if before?.kind == .dot { return nil }
            if let word = token.word, isKeyword(word, before: before, next: next) { return .keyword }
            return next?.kind == .leftParen ? .function : nil
        default: return nil
        }
    }

    /// Most words of the grammar may be names of columns too; the neighbours tell.
    private static func isKeyword(_ word: Word, before: Token?, next: Token?) -> Bool {
        if word.isReserved { return true }
        switch before?.kind {
        case nil, .semicolon: return word.beginsStatement
        case .pipe: return true
        default: break
        }
        switch before?.word {
        case .then, .else: return true
        // Two words of one clause: `on error`, `order by`, `nulls first`, `left join`, `explain analyze`.
        case .on: return word == .error
        case .order, .group, .split: return word == .by
        case .nulls: return word == .first || word == .last
        case .left: return word == .join
        case .fill: return word == .null
        case .explain: return word == .analyze || word.beginsStatement
        case .error: return [.fail, .drop, .keep].contains(word)
        case .batch: return [.rows, .tokens, .auto].contains(word)
        default: break
        }
        switch word {
        case .by, .with, .try, .weight, .pass, .drop, .asc, .desc, .nulls, .load, .from, .group, .offset, .fill, .keep:
            return next?.kind != .leftParen || word == .with
        default: return false
        }
    }
}
