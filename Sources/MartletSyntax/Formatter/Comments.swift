/// The comments of a text in order, given out as the formatter comes by their places. None is lost: what is left when a unit
/// of output is written has been given out before it.
struct Comments {
    /// An entry is a comment's text with its place.
    private let entries: [(text: String, span: Span)]
    private let tokens: [Token]
    private let source: SourceText?
    private var next = 0

    init() {
        entries = []
        tokens = []
        source = nil
    }

    init(_ parsed: ParsedScript) {
        source = parsed.source
        tokens = parsed.tokens
        entries = parsed.tokens.filter { $0.kind == .comment }.map { token in
            (Self.withoutTrailingBlanks(parsed.source[token.span]), token.span)
        }
    }

    private static func withoutTrailingBlanks(_ text: String) -> String {
        var text = Substring(text)
        while let last = text.unicodeScalars.last, last == " " || last == "\t" || last == "\r" {
            text.unicodeScalars.removeLast()
        }
        return String(text)
    }

    /// The comments not yet given out that begin before an offset.
    mutating func take(before offset: Int) -> [(text: String, span: Span)] {
        let first = next
        while next < entries.count, entries[next].span.start < offset { next += 1 }
        return Array(entries[first..<next])
    }

    mutating func takeAll() -> [(text: String, span: Span)] { take(before: Int.max) }

    /// The next comment if it stands on the line on which a unit ends, with nothing but closing punctuation between.
    mutating func takeTrailing(after offset: Int) -> String? {
        guard next < entries.count, let source else { return nil }
        let comment = entries[next]
        guard comment.span.start >= offset else { return nil }
        var index = indexOfToken(atOrAfter: offset)
        while index < tokens.count, tokens[index].span.start < comment.span.start {
            let token = tokens[index]
            switch token.kind {
            case .whitespace:
                if source.bytes[token.span.start..<token.span.end].contains(UInt8(ascii: "\n")) { return nil }
            case .semicolon, .comma, .equal, .rightParen, .rightBracket, .rightBrace: break
            case .name where token.word == .then: break
            default: return nil
            }
            index += 1
        }
        next += 1
        return comment.text
    }

    /// Whether a comment not yet given out begins in a range of the source.
    func hasAny(in span: Span) -> Bool {
        var index = next
        while index < entries.count, entries[index].span.start < span.end {
            if entries[index].span.start >= span.start { return true }
            index += 1
        }
        return false
    }

    /// Whether a blank line stands before the token that begins at an offset.
    func hasBlankLine(before offset: Int) -> Bool {
        let index = indexOfToken(atOrAfter: offset)
        guard let source, index > 0, index <= tokens.count, tokens[index - 1].kind == .whitespace else { return false }
        let span = tokens[index - 1].span
        return source.bytes[span.start..<span.end].count { $0 == UInt8(ascii: "\n") } > 1
    }

    private func indexOfToken(atOrAfter offset: Int) -> Int {
        var low = 0
        var high = tokens.count
        while low < high {
            let middle = low + (high - low) / 2
            if tokens[middle].span.start < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
