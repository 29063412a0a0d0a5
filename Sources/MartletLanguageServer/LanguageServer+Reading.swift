import Martlet
import MartletSupport
import MartletSyntax

/// Completion, and what a word means.
extension LanguageServer {
    func complete(_ parameters: JSON) throws -> JSON {
        let (document, offset) = try place(parameters)
        var completion = session.complete(document.text, cursor: offset)
        if completion.isPath, let path = completion.path { completion = listPath(path, completion.start) }
        let range = document.range(Span(completion.start, offset))
        let items = completion.candidates.enumerated().map { number, candidate -> JSON in
            let isCall = candidate.suffix == "("
            let text = candidate.inserted.hasSuffix(" ") ? candidate.text : candidate.inserted
            return [
                "label": .string(candidate.text), "kind": completion.isPath ? 17 : isCall ? 3 : 6,
                // In the order in which the language offers them.
                "sortText": .string(String(100_000 + number)),
                "textEdit": ["range": range, "newText": .string(text)],
            ]
        }
        return ["isIncomplete": false, "items": .array(items)]
    }

    func hover(_ parameters: JSON) throws -> JSON {
        let (document, offset) = try place(parameters)
        guard let token = document.token(at: offset) else { return .null }
        guard let text = meaning(of: token, in: document, at: offset) else { return .null }
        return ["contents": ["kind": "markdown", "value": .string(text)], "range": document.range(token.span)]
    }

    private func meaning(of token: Token, in document: Document, at offset: Int) -> String? {
        let word = document.source[token.span]
        if let symbol = document.symbols.symbol(at: token.span.start) {
            let statement = document.source[symbol.statement]
            let facts = session.facts(of: symbol, in: document.text)
            return Self.code(statement) + (facts.map { "\n" + $0 } ?? "")
        }
        guard token.kind == .name || token.kind == .quotedName else { return nil }
        let isCall =
            document.parsed.tokens.first { $0.span.start >= token.span.end && !$0.kind.isTrivia }?.kind == .leftParen
        if isCall, let function = session.function(word) { return function }
        if let stage = session.stage(word), document.isStageName(token) { return stage }
        if let type = session.columnType(word, in: document.text, before: token.span.end) {
            return Self.code("\(word) \(type)")
        }
        return session.function(word)
    }

    static func code(_ text: String) -> String { "```martlet\n\(text)\n```" }
}

extension Document {
    /// Whether a token begins a stage: after `|>`, `then` or `else`.
    fileprivate func isStageName(_ token: Token) -> Bool {
        let before = parsed.tokens.last { $0.span.end <= token.span.start && !$0.kind.isTrivia }
        return before?.kind == .pipe || before?.word == .then || before?.word == .else
    }
}
