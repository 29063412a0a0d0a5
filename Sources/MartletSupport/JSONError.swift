/// Why a text is not JSON, and where.
package struct JSONError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case unexpectedEnd
        case unexpectedByte(UInt8, expected: String)
        /// JSON, but not of the shape that its reader wants.
        case unexpectedValue(expected: String)
        case unterminatedString
        case controlCharacter(UInt8)
        case invalidEscape
        case loneSurrogate
        case invalidUTF8
        case leadingZero
        case numberOutOfRange
        case trailingBytes
        case tooDeep(limit: Int)
    }

    package let reason: Reason
    /// Path of the file that holds the text, when the reader said so.
    package var file: String?
    /// Byte offset from the start of the text.
    package let offset: Int
    /// Line, from 1.
    package let line: Int
    /// Column, from 1, in Unicode scalars (in bytes where the line is not valid UTF-8).
    package let column: Int

    /// Counts line and column of `offset` in `bytes`: linear in `offset`, paid only on failure.
    init(_ reason: Reason, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        let offset = min(max(offset, 0), bytes.count)
        var line = 1
        var column = 1
        for byte in bytes[..<offset] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// The same error, with the file it was found in.
    package func inFile(_ path: String) -> JSONError {
        var copy = self
        copy.file = path
        return copy
    }
}
