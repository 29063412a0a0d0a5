extension Lexer {
    /// The scalar whose UTF-8 form begins at a position, with its length in bytes; nil when there is none (overlong forms,
    /// surrogates and cut sequences included).
    func scalar(at position: Int) -> (Unicode.Scalar, Int)? {
        let end = min(position + 4, source.bytes.count)
        guard position < end else { return nil }
        var iterator = source.bytes[position..<end].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, String(scalar).utf8.count)
    }

    /// A byte from 0x80 up outside strings and comments: a letter of a name, a space, or something to explain.
    mutating func beyondASCII() -> TokenKind {
        let start = offset
        guard let (scalar, length) = scalar(at: offset) else {
            offset += 1
            while offset < source.bytes.count, source.bytes[offset] >= 0x80, self.scalar(at: offset) == nil {
                offset += 1
            }
            report(.invalidUTF8, "the text is not UTF-8 here", Span(start, offset))
            return .unknown
        }
        if scalar.properties.isXIDStart {
            skipName()
            return .name
        }
        offset += length
        if scalar.properties.isWhitespace || (scalar == "\u{FEFF}" && start == 0) { return .whitespace }
        switch scalar {
        case "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}":
            return typographicString(from: start)
        default: return explained(scalar, Span(start, offset))
        }
    }

    /// A string between typographic quotes on one line is taken as the string that was meant, after the diagnostic.
    private mutating func typographicString(from start: Int) -> TokenKind {
        let opening = offset
        offset = max(offset, searchedForQuote)
        while offset < source.bytes.count, source.bytes[offset] != UInt8(ascii: "\n") {
            guard source.bytes[offset] >= 0x80, let (scalar, length) = scalar(at: offset) else {
                offset += 1
                continue
            }
            let end = offset
            offset += length
            switch scalar {
            case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{00AB}", "\u{00BB}":
                let inner = source[Span(opening, end)]
                let plain = quoted(inner)
                report(
                    .typographicCharacter, "typographic quotes do not make a string", Span(start, offset),
                    help: ["write \(plain)"], fix: .replace(Span(start, offset), with: plain))
                return .string
            default: continue
            }
        }
        searchedForQuote = offset
        offset = opening
        report(
            .typographicCharacter, "a typographic quote", Span(start, opening), help: ["strings are written `'…'`"])
        return .unknown
    }

    /// A character that looks like a token is taken as that token, after the diagnostic.
    private mutating func explained(_ scalar: Unicode.Scalar, _ span: Span) -> TokenKind {
        let shown = String(scalar)
        if let (meant, kind) = Self.plainForms[scalar] {
            report(
                .typographicCharacter, "`\(shown)` is not `\(meant)`", span, help: ["write `\(meant)`"],
                fix: .replace(span, with: meant))
            return kind
        }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        let isVisible = scalar.properties.generalCategory != .format && scalar.properties.generalCategory != .control
        report(
            .unexpectedCharacter,
            isVisible ? "unexpected character `\(shown)` (U+\(padded))" : "unexpected invisible character U+\(padded)",
            span)
        return .unknown
    }

    /// Characters that word processors put in place of plain ones, or that look alike.
    private static let plainForms: [Unicode.Scalar: (String, TokenKind)] = [
        "\u{2010}": ("-", .minus), "\u{2011}": ("-", .minus), "\u{2013}": ("-", .minus), "\u{2014}": ("-", .minus),
        "\u{2212}": ("-", .minus), "\u{00D7}": ("*", .star), "\u{00F7}": ("/", .slash), "\u{2260}": ("!=", .notEqual),
        "\u{2264}": ("<=", .lessOrEqual), "\u{2265}": (">=", .greaterOrEqual), "\u{2192}": ("->", .arrow),
        "\u{21D2}": ("=>", .fatArrow), "\u{25B7}": ("|>", .pipe), "\u{FF1B}": (";", .semicolon),
        "\u{FF0C}": (",", .comma), "\u{FF08}": ("(", .leftParen), "\u{FF09}": (")", .rightParen),
        "\u{FF1D}": ("=", .equal),
    ]
}
