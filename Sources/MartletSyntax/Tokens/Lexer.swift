/// Cuts a text into tokens. Total: any bytes give tokens that cover all of them, and diagnostics for what is wrong.
package struct Lexer {
    let source: SourceText
    var offset = 0
    var tokens: [Token] = []
    var diagnostics: [Diagnostic] = []
    /// No typographic closing quote stands between the last opening one and here.
    var searchedForQuote = 0

    /// Errors beyond this many are not told.
    static let diagnosticLimit = 100

    /// The tokens of a text, trivia included, the last one `.endOfText`; and the lexical errors. O(bytes).
    package static func tokens(of source: SourceText) -> (tokens: [Token], diagnostics: [Diagnostic]) {
        var lexer = Lexer(source: source)
        lexer.run()
        return (lexer.tokens, lexer.diagnostics)
    }

    private mutating func run() {
        tokens.reserveCapacity(source.bytes.count / 3)
        while offset < source.bytes.count {
            let start = offset
            let kind = scan()
            // Whatever a scanner did, the next token begins later.
            if offset <= start { offset = start + 1 }
            offset = min(offset, source.bytes.count)
            let span = Span(start, offset)
            let word = kind == .name ? Word(spelling: source.bytes[start..<offset]) : nil
            tokens.append(Token(kind, span, word: word))
        }
        tokens.append(Token(.endOfText, Span(offset, offset)))
    }

    /// Scans one token from `offset`, which is inside the text, and leaves `offset` behind it.
    private mutating func scan() -> TokenKind {
        let byte = source.bytes[offset]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0B, 0x0C:
            return whitespace()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            skipName()
            return .name
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: "'"): return string()
        case UInt8(ascii: "\""): return quotedName()
        case UInt8(ascii: "$"): return parameter()
        case UInt8(ascii: "#"): return hash()
        case UInt8(ascii: "-") where byteAhead(1) == byte:
            let start = offset
            skipLine()
            checkUTF8(Span(start, offset))
            return .comment
        case UInt8(ascii: "/") where byteAhead(1) == UInt8(ascii: "*"): return blockComment()
        case 0x80...: return beyondASCII()
        default: return symbol()
        }
    }

    /// The byte `count` places on, 0 beyond the end.
    func byteAhead(_ count: Int) -> UInt8 {
        offset + count < source.bytes.count ? source.bytes[offset + count] : 0
    }

    mutating func report(
        _ code: DiagnosticCode, _ message: String, _ span: Span, _ label: String = "", help: [String] = [],
        fix: Fix? = nil
    ) {
        guard diagnostics.count < Self.diagnosticLimit else { return }
        diagnostics.append(Diagnostic(code, message, at: span, label, help: help, fix: fix))
    }

    private mutating func whitespace() -> TokenKind {
        while offset < source.bytes.count {
            switch source.bytes[offset] {
            case UInt8(ascii: " "), 0x09...0x0D: offset += 1
            default: return .whitespace
            }
        }
        return .whitespace
    }

    /// Moves to the end of the line, before its line end.
    mutating func skipLine() {
        while offset < source.bytes.count, source.bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        if offset < source.bytes.count, source.bytes[offset - 1] == UInt8(ascii: "\r") { offset -= 1 }
    }

    /// Moves over what can go on a name: ASCII letters, digits, `_`, and Unicode letters, digits and marks.
    mutating func skipName() {
        while offset < source.bytes.count {
            switch source.bytes[offset] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                offset += 1
            case 0x80...:
                guard let (scalar, length) = scalar(at: offset), scalar.properties.isXIDContinue else { return }
                offset += length
            default: return
            }
        }
    }

    private mutating func parameter() -> TokenKind {
        let start = offset
        offset += 1
        skipName()
        let first = start + 1 < offset ? source.bytes[start + 1] : 0
        if first == 0 || (first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9")) {
            report(
                .unexpectedCharacter, "a parameter has a name", Span(start, offset),
                help: ["write `$name`, and declare it with `param name type;`"])
            return .unknown
        }
        return .parameter
    }

    private mutating func hash() -> TokenKind {
        let start = offset
        if start == 0, byteAhead(1) == UInt8(ascii: "!") {
            skipLine()
            return .shebang
        }
        guard isFirstOnLine else {
            offset += 1
            report(
                .unexpectedCharacter, "unexpected character `#`", Span(start, offset),
                help: ["comments begin with `--`"])
            return .unknown
        }
        skipLine()
        report(
            .blockComment, "comments begin with `--`", Span(start, start + 1),
            fix: .replace(Span(start, start + 1), with: "--"))
        return .comment
    }

    private var isFirstOnLine: Bool {
        guard let last = tokens.last else { return true }
        guard last.kind == .whitespace else { return false }
        return tokens.count == 1 || source.bytes[last.span.start..<last.span.end].contains(UInt8(ascii: "\n"))
    }

    private mutating func blockComment() -> TokenKind {
        let start = offset
        offset += 2
        while offset < source.bytes.count {
            if source.bytes[offset] == UInt8(ascii: "*"), byteAhead(1) == UInt8(ascii: "/") {
                offset += 2
                break
            }
            offset += 1
        }
        report(
            .blockComment, "comments begin with `--`", Span(start, start + 2),
            help: ["write `--` at the start of each line of the comment"])
        return .comment
    }
}
