/// A scanned string or key, as a place in the scanned bytes.
package struct JSONText: Equatable, Sendable {
    /// The bytes between the quotes.
    package let range: Range<Int>
    /// True when the bytes stand for themselves; false when escapes must be decoded.
    package let isPlain: Bool
}

extension JSONScanner {
    /// Scans a string and checks it in full (escapes, surrogate pairs, UTF-8); makes no copy.
    package mutating func scanString() throws(JSONError) -> JSONText {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        guard byte(offset) == UInt8(ascii: "\"") else {
            throw error(.unexpectedByte(byte(offset), expected: "a string"))
        }
        let start = offset + 1
        var index = start
        var isPlain = true
        while true {
            index = skipPlainASCII(from: index)
            guard index < end else { throw error(.unterminatedString) }
            let found = byte(index)
            if found == UInt8(ascii: "\"") {
                offset = index + 1
                return JSONText(range: start..<index, isPlain: isPlain)
            } else if found == UInt8(ascii: "\\") {
                isPlain = false
                index = try decodeEscape(at: index).next
            } else if found < 0x20 {
                throw error(.controlCharacter(found), at: index)
            } else {
                let length = UTF8Sequence.length(in: bytes, at: index, end: end)
                guard length > 0 else { throw error(.invalidUTF8, at: index) }
                index += length
            }
        }
    }

    /// Scans a string and replaces `buffer` with its decoded UTF-8 bytes.
    package mutating func scanString(into buffer: inout [UInt8]) throws(JSONError) {
        let text = try scanString()
        buffer.removeAll(keepingCapacity: true)
        append(text, to: &buffer)
    }

    /// The bytes of a plain text, in place. Not for texts with escapes.
    package func plainBytes(of text: JSONText) -> UnsafeRawBufferPointer {
        precondition(text.isPlain, "bug: an escaped JSON text has no plain bytes")
        return UnsafeRawBufferPointer(rebasing: bytes[text.range])
    }

    /// Appends the decoded UTF-8 bytes of `text`.
    package func append(_ text: JSONText, to buffer: inout [UInt8]) {
        if text.isPlain {
            buffer.append(contentsOf: bytes[text.range])
            return
        }
        var index = text.range.lowerBound
        while index < text.range.upperBound {
            guard byte(index) == UInt8(ascii: "\\") else {
                buffer.append(byte(index))
                index += 1
                continue
            }
            guard let escape = try? decodeEscape(at: index) else {
                preconditionFailure("bug: a scanned JSON text has a broken escape")
            }
            buffer.append(contentsOf: UTF8.encode(escape.scalar)!)
            index = escape.next
        }
    }

    /// `text` as a Swift string.
    package func string(_ text: JSONText) -> String {
        if text.isPlain { return String(decoding: bytes[text.range], as: UTF8.self) }
        var buffer: [UInt8] = []
        append(text, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    /// True when the decoded text is exactly `word`.
    package func text(_ text: JSONText, is word: StaticString) -> Bool {
        guard text.isPlain else { return string(text) == "\(word)" }
        guard text.range.count == word.utf8CodeUnitCount else { return false }
        return (0..<text.range.count).allSatisfy { byte(text.range.lowerBound + $0) == word.utf8Start[$0] }
    }

    /// First index at or after `index` whose byte is a quote, a backslash, a control character or not ASCII.
    private func skipPlainASCII(from index: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = index
        while index + 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // The classic test for a zero byte, on the word xor each wanted byte; exact for the lowest match.
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let special =
                ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word) | word
            let hits = special & highs
            if hits != 0 { return index + hits.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < end {
            let found = byte(index)
            if found == UInt8(ascii: "\"") || found == UInt8(ascii: "\\") || found < 0x20 || found >= 0x80 { break }
            index += 1
        }
        return index
    }

    /// The scalar of the escape that starts with the backslash at `index`, and the index after it.
    private func decodeEscape(at index: Int) throws(JSONError) -> (scalar: Unicode.Scalar, next: Int) {
        guard index + 1 < end else { throw error(.unterminatedString) }
        switch byte(index + 1) {
        case UInt8(ascii: "\""): return ("\"", index + 2)
        case UInt8(ascii: "\\"): return ("\\", index + 2)
        case UInt8(ascii: "/"): return ("/", index + 2)
        case UInt8(ascii: "b"): return ("\u{08}", index + 2)
        case UInt8(ascii: "f"): return ("\u{0C}", index + 2)
        case UInt8(ascii: "n"): return ("\n", index + 2)
        case UInt8(ascii: "r"): return ("\r", index + 2)
        case UInt8(ascii: "t"): return ("\t", index + 2)
        case UInt8(ascii: "u"): break
        default: throw error(.invalidEscape, at: index)
        }
        let unit = try hexUnit(at: index + 2, escape: index)
        if let scalar = Unicode.Scalar(unit) { return (scalar, index + 6) }
        // A surrogate: only a high one followed by an escaped low one is a character.
        guard unit < 0xDC00, index + 7 < end, byte(index + 6) == UInt8(ascii: "\\"),
            byte(index + 7) == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, at: index) }
        let low = try hexUnit(at: index + 8, escape: index + 6)
        guard low >= 0xDC00, low < 0xE000,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw error(.loneSurrogate, at: index) }
        return (scalar, index + 12)
    }

    private func hexUnit(at index: Int, escape: Int) throws(JSONError) -> UInt16 {
        guard index + 4 <= end else { throw error(.unterminatedString) }
        var unit: UInt16 = 0
        for digit in index..<index + 4 {
            let value: UInt8
            switch byte(digit) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte(digit) - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte(digit) - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = byte(digit) - UInt8(ascii: "A") + 10
            default: throw error(.invalidEscape, at: escape)
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}
