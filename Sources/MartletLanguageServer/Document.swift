import MartletSupport
import MartletSyntax

/// An open script: its text, what the parser makes of it, and the protocol's positions in it.
struct Document {
    let uri: String
    let source: SourceText
    let parsed: ParsedScript
    let symbols: ScriptSymbols

    init(uri: String, text: String) {
        self.uri = uri
        source = SourceText(name: uri, text)
        parsed = parse(source)
        symbols = ScriptSymbols(parsed)
    }

    var text: String { source[Span(0, source.bytes.count)] }

    /// The byte at a 0-based line and a 0-based place in UTF-16 units; beyond a line's end it is the end.
    func offset(line: Int, character: Int) -> Int {
        guard line >= 0 else { return 0 }
        let span = source.lineSpan(line + 1)
        var units = 0
        var offset = span.start
        for scalar in source[span].unicodeScalars {
            guard units < character else { break }
            units += UTF16.width(scalar)
            offset += UTF8.width(scalar)
        }
        return min(offset, span.end)
    }

    /// The offset of `position` of a request; nil if there is none.
    func offset(_ position: JSON?) -> Int? {
        guard let line = position?["line"]?.int, let character = position?["character"]?.int else { return nil }
        return offset(line: line, character: character)
    }

    func position(_ offset: Int) -> JSON {
        let line = source.line(at: offset)
        let before = source[Span(source.lineSpan(line).start, offset)]
        return ["line": .int(Int64(line - 1)), "character": .int(Int64(before.utf16.count))]
    }

    func range(_ span: Span) -> JSON { ["start": position(span.start), "end": position(span.end)] }

    func location(_ span: Span) -> JSON { ["uri": .string(uri), "range": range(span)] }

    /// The token that holds the byte, or ends at it: a cursor stands between characters.
    func token(at offset: Int) -> Token? {
        let found = parsed.tokens.first { $0.span.contains(offset) }
        if let found, !found.kind.isTrivia, Self.isName(found.kind) { return found }
        return parsed.tokens.first { $0.span.end == offset && Self.isName($0.kind) } ?? found
    }

    private static func isName(_ kind: TokenKind) -> Bool { kind == .name || kind == .quotedName || kind == .parameter }
}
