extension Lexer {
    /// Operators and punctuation, longest first.
    mutating func symbol() -> TokenKind {
        let start = offset
        let two = UInt16(byteAhead(0)) << 8 | UInt16(byteAhead(1))
        if let kind = Self.pairs[two] {
            offset += 2
            return kind
        }
        let byte = byteAhead(0)
        offset += 1
        if let kind = Self.singles[byte] { return kind }
        let shown = byte < 0x20 || byte == 0x7F ? "U+00" + hexadecimal(byte) : String(UnicodeScalar(byte))
        report(
            .unexpectedCharacter, "unexpected character `\(shown)`", Span(start, offset),
            help: byte == UInt8(ascii: "`")
                ? ["names with special characters are written in double quotes: `\"…\"`"] : [])
        return .unknown
    }

    private func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static let pairs: [UInt16: TokenKind] = Dictionary(
        uniqueKeysWithValues: [
            ("|>", TokenKind.pipe), ("||", .concat), ("??", .coalesce), ("//", .doubleSlash), ("::", .doubleColon),
            ("=>", .fatArrow), ("->", .arrow), ("!=", .notEqual), ("<>", .notEqual), ("<=", .lessOrEqual),
            (">=", .greaterOrEqual), ("==", .foreign), ("&&", .foreign), (":=", .foreign),
        ].map { text, kind in
            let bytes = Array(text.utf8)
            return (UInt16(bytes[0]) << 8 | UInt16(bytes[1]), kind)
        })

    private static let singles: [UInt8: TokenKind] = [
        UInt8(ascii: "?"): .question, UInt8(ascii: "/"): .slash, UInt8(ascii: ":"): .colon, UInt8(ascii: "="): .equal,
        UInt8(ascii: "<"): .less, UInt8(ascii: ">"): .greater, UInt8(ascii: "+"): .plus, UInt8(ascii: "-"): .minus,
        UInt8(ascii: "*"): .star, UInt8(ascii: "%"): .percent, UInt8(ascii: "."): .dot, UInt8(ascii: ","): .comma,
        UInt8(ascii: ";"): .semicolon, UInt8(ascii: "("): .leftParen, UInt8(ascii: ")"): .rightParen,
        UInt8(ascii: "["): .leftBracket, UInt8(ascii: "]"): .rightBracket, UInt8(ascii: "{"): .leftBrace,
        UInt8(ascii: "}"): .rightBrace, UInt8(ascii: "!"): .foreign, UInt8(ascii: "|"): .foreign,
        UInt8(ascii: "&"): .foreign, UInt8(ascii: "^"): .foreign, UInt8(ascii: "~"): .foreign,
    ]
}
