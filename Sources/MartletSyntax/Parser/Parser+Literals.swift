extension Parser {
    /// string = "'" { character | "''" } "'"
    mutating func string(_ what: String = "a string") throws(Bail) -> StringLiteral {
        switch token.kind {
        case .string:
            let token = advance()
            return StringLiteral(stringValue(token), token.span)
        case .quotedName:
            let value = unquoted(token, by: "\"")
            throw fail(
                Diagnostic(
                    .notALiteral, "expected \(what), found a name in double quotes", at: token.span,
                    help: ["strings are written with single quotes: `\(quoted(value))`"],
                    fix: .replace(token.span, with: quoted(value))))
        case .name, .parameter:
            throw expected(
                what, .notALiteral, help: ["strings are written with single quotes: `'…'`"])
        default: throw expected(what, .notALiteral)
        }
    }

    /// int = digit { digit | "_" }
    mutating func count(_ what: String = "a whole number") throws(Bail) -> IntegerLiteral {
        switch token.kind {
        case .integer:
            let token = token
            let value = try integer(token, limit: UInt64(Int64.max))
            advance()
            guard let count = Int(exactly: value) else { throw tooLarge(token) }
            return IntegerLiteral(count, token.span)
        case .float, .minus, .string:
            throw fail(
                Diagnostic(
                    .negativeCount, "expected \(what), found \(describe(token))", at: token.span,
                    help: ["only whole numbers from 0 up can stand here"]))
        default: throw expected(what, .negativeCount)
        }
    }

    /// The value of an integer token that is at most `limit`.
    mutating func integer(_ token: Token, limit: UInt64) throws(Bail) -> UInt64 {
        var value: UInt64 = 0
        for byte in source.bytes[token.span.start..<token.span.end] where byte != UInt8(ascii: "_") {
            // A bad number has been reported by the lexer.
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw Bail() }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry, sum <= limit else { throw tooLarge(token) }
            value = sum
        }
        return value
    }

    private mutating func tooLarge(_ token: Token) -> Bail {
        fail(
            Diagnostic(
                .numberTooLarge, "the number is too large for an integer", at: token.span,
                "the largest is 9223372036854775807", help: ["write it as a float, with `.0` or an exponent"]))
    }

    mutating func float(_ token: Token) throws(Bail) -> Double {
        let text = source[token.span].filter { $0 != "_" }
        guard let value = Double(text) else { throw Bail() }
        guard value.isFinite else {
            throw fail(
                Diagnostic(
                    .numberTooLarge, "the number is too large for a float", at: token.span,
                    "the largest is about 1.8e308"))
        }
        return value
    }

    /// What stands between the quotes, doubled quotes undone.
    func stringValue(_ token: Token) -> String {
        if source.bytes[token.span.start] == UInt8(ascii: "'") { return unquoted(token, by: "'") }
        // Typographic quotes: one scalar on either side.
        return String(source[token.span].dropFirst().dropLast())
    }

    func unquoted(_ token: Token, by quote: Unicode.Scalar) -> String {
        let mark = UInt8(ascii: quote)
        var inner = source.bytes[token.span.start..<token.span.end].dropFirst()
        if inner.last == mark { inner = inner.dropLast() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inner.count)
        var afterQuote = false
        for byte in inner {
            if byte == mark, afterQuote {
                afterQuote = false
                continue
            }
            afterQuote = byte == mark
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
