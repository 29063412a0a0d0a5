/// What a text says, as far as it could be made out.
package struct ParsedScript: Sendable {
    package let source: SourceText
    /// All tokens, trivia included; they concatenate to the source.
    package let tokens: [Token]
    package let script: Script
    /// In the order of their places.
    package let diagnostics: [Diagnostic]

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Parses a text. Never fails: errors are diagnostics, and what could be parsed is in the script.
package func parse(_ source: SourceText) -> ParsedScript {
    guard source.bytes.count <= Parser.textLimit else {
        let diagnostic = Diagnostic(
            .textTooLong, "the script has \(source.bytes.count) bytes, more than \(Parser.textLimit)", at: Span(0, 0))
        return ParsedScript(source: source, tokens: [], script: Script([]), diagnostics: [diagnostic])
    }
    let (tokens, lexical) = Lexer.tokens(of: source)
    var parser = Parser(source: source, tokens: tokens, diagnostics: lexical)
    let script = parser.script()
    let diagnostics = parser.diagnostics.enumerated()
        .sorted { left, right in
            let (a, b) = (left.element.primarySpan?.start ?? 0, right.element.primarySpan?.start ?? 0)
            return a == b ? left.offset < right.offset : a < b
        }
        .map(\.element)
    return ParsedScript(source: source, tokens: tokens, script: script, diagnostics: diagnostics)
}

/// Whether a text ends in a finished statement: its last token outside comments is `;`, and no string is left open. For a
/// shell that reads lines until there is something to run; blank text is not finished.
package func isComplete(_ text: String) -> Bool {
    let (tokens, diagnostics) = Lexer.tokens(of: SourceText(name: "", text))
    guard !diagnostics.contains(where: { $0.code == .unterminatedString || $0.code == .unterminatedQuotedName }) else {
        return false
    }
    return tokens.last { !$0.kind.isTrivia && $0.kind != .endOfText }?.kind == .semicolon
}
