/// A pull scanner over UTF-8 JSON text (RFC 8259), the layer under `JSON.parse` and under readers that want no tree.
///
/// The scanner keeps a position and nothing else: the caller knows where it is in the document.
/// ```
/// if try scanner.openObject() {
///     repeat {
///         let key = try scanner.scanKey()
///         … exactly one value: scanString, scanNumber, openArray, skipValue, …
///     } while try scanner.nextMember()
/// }
/// ```
/// It is strict: no comments, no trailing commas, no raw control characters in strings, no lone surrogates, no invalid
/// UTF-8, no numbers beyond a double's range. No byte outside the range is read. The bytes must outlive the scanner.
package struct JSONScanner {
    /// The whole text; error positions (line, column) are counted from its start.
    package let bytes: UnsafeRawBufferPointer
    /// Index of the next byte to read.
    package internal(set) var offset: Int
    /// Index after the last byte that belongs to this scanner.
    package let end: Int

    /// How many arrays and objects may be nested in `skipValue` and `JSON.parse`.
    package static let maximumDepth = 256

    /// Scans `range` of `bytes`, or all of it. A range that does not fit is clamped to the bytes.
    package init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>? = nil) {
        let clamped = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        self.bytes = bytes
        offset = clamped.lowerBound
        end = clamped.upperBound
    }

    /// The byte at `index`; the caller has checked `index < end`.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        bytes.load(fromByteOffset: index, as: UInt8.self)
    }

    /// What starts at the next byte that is no white space; that byte is not consumed.
    package mutating func peek() throws(JSONError) -> JSONKind {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        switch byte(offset) {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw error(.unexpectedByte(byte(offset), expected: "a value"))
        }
    }

    @inline(__always)
    package mutating func skipWhitespace() {
        if offset < end, byte(offset) > 0x20 { return }
        skipRunOfWhitespace()
    }

    private mutating func skipRunOfWhitespace() {
        while offset < end {
            switch byte(offset) {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// True when only white space is left.
    package mutating func isAtEnd() -> Bool {
        skipWhitespace()
        return offset == end
    }

    /// Throws unless only white space is left.
    package mutating func expectEnd() throws(JSONError) {
        if !isAtEnd() { throw error(.trailingBytes) }
    }

    /// Consumes `{`, and `}` too if the object is empty. True when a member follows.
    package mutating func openObject() throws(JSONError) -> Bool {
        try consume(UInt8(ascii: "{"), expected: "an object")
        return try !consumeIfPresent(UInt8(ascii: "}"))
    }

    /// Scans a member's key and its colon.
    package mutating func scanKey() throws(JSONError) -> JSONText {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        guard byte(offset) == UInt8(ascii: "\"") else {
            throw error(.unexpectedByte(byte(offset), expected: "a key in double quotes"))
        }
        let key = try scanString()
        try consume(UInt8(ascii: ":"), expected: "`:` after a key")
        return key
    }

    /// After a member's value: consumes `,` (true, a key follows) or `}` (false).
    package mutating func nextMember() throws(JSONError) -> Bool {
        try next(closing: UInt8(ascii: "}"), expected: "`,` or `}` after a member")
    }

    /// Consumes `[`, and `]` too if the array is empty. True when an element follows.
    package mutating func openArray() throws(JSONError) -> Bool {
        try consume(UInt8(ascii: "["), expected: "an array")
        return try !consumeIfPresent(UInt8(ascii: "]"))
    }

    /// After an element: consumes `,` (true, a value follows) or `]` (false).
    package mutating func nextElement() throws(JSONError) -> Bool {
        try next(closing: UInt8(ascii: "]"), expected: "`,` or `]` after an element")
    }

    /// Consumes `null` if it is next.
    package mutating func scanNull() throws(JSONError) {
        skipWhitespace()
        try consumeWord("null")
    }

    package mutating func scanBool() throws(JSONError) -> Bool {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        if byte(offset) == UInt8(ascii: "t") {
            try consumeWord("true")
            return true
        }
        try consumeWord("false")
        return false
    }

    /// Consumes one value of any kind, checking it in full; returns the range of its bytes.
    @discardableResult
    package mutating func skipValue() throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = offset
        try skipValue(depth: 0)
        return start..<offset
    }

    private mutating func skipValue(depth: Int) throws(JSONError) {
        switch try peek() {
        case .null: try scanNull()
        case .bool: _ = try scanBool()
        case .number: _ = try scanNumber()
        case .string: _ = try scanString()
        case .array:
            try checkDepth(depth)
            if try openArray() {
                repeat { try skipValue(depth: depth + 1) } while try nextElement()
            }
        case .object:
            try checkDepth(depth)
            if try openObject() {
                repeat {
                    _ = try scanKey()
                    try skipValue(depth: depth + 1)
                } while try nextMember()
            }
        }
    }

    func checkDepth(_ depth: Int) throws(JSONError) {
        if depth >= Self.maximumDepth { throw error(.tooDeep(limit: Self.maximumDepth)) }
    }

    private mutating func next(closing: UInt8, expected: StaticString) throws(JSONError) -> Bool {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        let found = byte(offset)
        guard found == UInt8(ascii: ",") || found == closing else {
            throw error(.unexpectedByte(found, expected: "\(expected)"))
        }
        offset += 1
        return found != closing
    }

    private mutating func consume(_ wanted: UInt8, expected: StaticString) throws(JSONError) {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        guard byte(offset) == wanted else { throw error(.unexpectedByte(byte(offset), expected: "\(expected)")) }
        offset += 1
    }

    private mutating func consumeIfPresent(_ wanted: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard offset < end else { throw error(.unexpectedEnd) }
        guard byte(offset) == wanted else { return false }
        offset += 1
        return true
    }

    private mutating func consumeWord(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset + index < end else { throw error(.unexpectedEnd, at: end) }
            guard byte(offset + index) == word.utf8Start[index] else {
                throw error(.unexpectedByte(byte(offset + index), expected: "`\(word)`"), at: offset + index)
            }
        }
        offset += word.utf8CodeUnitCount
    }

    /// An error at `at`, or at the current offset, with line and column counted from the start of the bytes.
    package func error(_ reason: JSONError.Reason, at position: Int? = nil) -> JSONError {
        JSONError(reason, at: position ?? offset, in: bytes)
    }
}

/// The six kinds of JSON value.
package enum JSONKind: String, Sendable {
    case null, bool, number, string, array, object
}
