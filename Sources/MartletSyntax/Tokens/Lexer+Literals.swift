extension Lexer {
    /// `'…'` with `''` for a quote; may hold line ends. One that is never closed ends with its line, so that the lines after
    /// it are still looked at.
    mutating func string() -> TokenKind {
        let start = offset
        if skipQuoted(by: UInt8(ascii: "'")) {
            checkUTF8(Span(start, offset))
            return .string
        }
        report(
            .unterminatedString, "the string is not closed", Span(start, start + 1), "opened here",
            help: ["close it with `'`; a quote inside a string is written `''`"])
        return .string
    }

    /// `"…"` with `""` for a quote.
    mutating func quotedName() -> TokenKind {
        let start = offset
        guard skipQuoted(by: UInt8(ascii: "\"")) else {
            report(
                .unterminatedQuotedName, "the quoted name is not closed", Span(start, start + 1), "opened here",
                help: ["close it with `\"`; strings are written with single quotes: `'…'`"])
            return .quotedName
        }
        checkUTF8(Span(start, offset))
        if offset - start == 2 {
            report(
                .emptyQuotedName, "a quoted name holds at least one character", Span(start, offset),
                help: ["the empty string is written `''`"])
        }
        return .quotedName
    }

    /// Moves behind the closing quote and returns true, or to the end of the line and returns false when there is none.
    private mutating func skipQuoted(by quote: UInt8) -> Bool {
        let start = offset
        offset += 1
        while offset < source.bytes.count {
            if source.bytes[offset] == quote {
                offset += 1
                if offset == source.bytes.count || source.bytes[offset] != quote { return true }
            }
            offset += 1
        }
        offset = start
        skipLine()
        return false
    }

    /// Digits with `_` between them; a fraction; an exponent. What sticks to a number and is no part of one makes it a bad number.
    mutating func number() -> TokenKind {
        let start = offset
        var isFloat = false
        skipDigits()
        if byteAhead(0) == UInt8(ascii: "."), isDigit(byteAhead(1)) {
            isFloat = true
            offset += 1
            skipDigits()
        }
        if byteAhead(0) | 0x20 == UInt8(ascii: "e") {
            let signed = byteAhead(1) == UInt8(ascii: "+") || byteAhead(1) == UInt8(ascii: "-")
            if isDigit(byteAhead(signed ? 2 : 1)) {
                isFloat = true
                offset += signed ? 2 : 1
                skipDigits()
            }
        }
        let endOfNumber = offset
        skipName()
        let text = source.bytes[start..<offset]
        if offset > endOfNumber || text.last == UInt8(ascii: "_") || hasStrayUnderscore(text) {
            report(
                .badNumber, "`\(source[Span(start, offset)])` is not a number", Span(start, offset),
                help: [
                    "numbers are written `42`, `1_000`, `0.5`, `1e-3`; a name that begins with a digit takes double quotes"
                ])
        }
        return isFloat ? .float : .integer
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipDigits() {
        while isDigit(byteAhead(0)) || (byteAhead(0) == UInt8(ascii: "_") && offset < source.bytes.count) {
            offset += 1
        }
    }

    /// An underscore belongs between two digits.
    private func hasStrayUnderscore(_ text: ArraySlice<UInt8>) -> Bool {
        for index in text.indices where text[index] == UInt8(ascii: "_") {
            guard index > text.startIndex, index + 1 < text.endIndex, isDigit(text[index - 1]), isDigit(text[index + 1])
            else { return true }
        }
        return false
    }

    mutating func checkUTF8(_ span: Span) {
        var position = span.start
        while position < span.end {
            if source.bytes[position] < 0x80 {
                position += 1
            } else if let (_, length) = scalar(at: position) {
                position += length
            } else {
                report(.invalidUTF8, "the text is not UTF-8 here", Span(position, position + 1))
                return
            }
        }
    }
}
