import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Cuts an input into the JSON values that are its rows: one per line, or one after the other, or the elements of one array.
final class JSONRecords {
    enum Framing {
        /// JSON Lines: every line that is not blank is a value.
        case lines
        /// Values set apart by white space, or the elements of an array; they may span lines.
        case values
    }

    let input: ByteInput
    private let framing: Framing
    private let limit: Int
    /// 1-based line where the row starts.
    private(set) var line: Int
    /// Bytes of the row from the input's position on.
    private(set) var length = 0
    private var linesInside = 0
    private var state = State.start

    private enum State { case start, sequence, firstElement, element, end }

    init(_ input: ByteInput, _ framing: Framing, limit: Int) {
        self.input = input
        self.framing = framing
        self.limit = limit
        line = 1
    }

    /// The lines of an input that begins with `line`, which need not be a file's first.
    init(_ input: ByteInput, lineByLineFrom line: Int, limit: Int) {
        self.input = input
        self.limit = limit
        self.line = line
        framing = .lines
        state = .sequence
    }

    /// Where in the input the next row starts, and the lines before it.
    var rest: (position: Int, lines: Int) { (input.position + length, line + linesInside - 1) }

    /// The bytes of the row; valid until the next call of `next`.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: input.bytes + input.position, count: length) }

    /// Finds the next row; false at the end. Throws `ReadError`.
    func next() throws -> Bool {
        input.position += length
        length = 0
        line += linesInside
        linesInside = 0
        if state == .start { try skipByteOrderMark() }
        switch framing {
        case .lines:
            state = .sequence
            return try nextLine()
        case .values: return try nextValue()
        }
    }

    /// Place of a byte of the row.
    func place(at index: Int = 0) -> InputPlace {
        var column = 1
        var line = line
        for byte in bytes.prefix(index) {
            if byte == 10 {
                line += 1
                column = 1
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return InputPlace(file: input.name, line: line, column: column, offset: input.offset + index)
    }

    /// To be called at the start of a file.
    func skipByteOrderMark() throws {
        if input.end - input.position < 3, !input.isAtEnd { try input.fill(minimum: 3) }
        let start = input.bytes + input.position
        if input.end - input.position >= 3, start[0] == 0xef, start[1] == 0xbb, start[2] == 0xbf { input.position += 3 }
    }

    private func nextLine() throws -> Bool {
        while true {
            let available = input.end - input.position
            if available == 0, input.isAtEnd { return false }
            let start = input.bytes + input.position
            let found = available > 0 ? memchr(start, 10, available) : nil
            guard found != nil || input.isAtEnd else {
                guard available <= limit else { throw tooLong() }
                try input.fill(minimum: max(1, available))
                continue
            }
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(start) + 1 } ?? available
            guard end <= limit else {
                length = end
                linesInside = 1
                throw tooLong()
            }
            if UnsafeBufferPointer(start: start, count: end).allSatisfy(isSpace) {
                input.position += end
                line += 1
                continue
            }
            length = end
            linesInside = 1
            return true
        }
    }

    private func nextValue() throws -> Bool {
        if state == .end { return false }
        guard try skipSpace() else {
            guard state == .sequence || state == .start else { throw ReadError.json(place(), .unexpectedEnd) }
            return false
        }
        if state == .start {
            if byte == UInt8(ascii: "[") {
                input.position += 1
                state = .firstElement
                guard try skipSpace() else { throw ReadError.json(place(), .unexpectedEnd) }
            } else {
                state = .sequence
            }
        }
        if state == .element {
            let comma = byte == UInt8(ascii: ",")
            guard comma || byte == UInt8(ascii: "]") else {
                throw ReadError.json(place(), .unexpectedByte(byte, expected: "`,` or `]` after an element"))
            }
            if !comma { return try endArray() }
            input.position += 1
            guard try skipSpace() else { throw ReadError.json(place(), .unexpectedEnd) }
        } else if state == .firstElement {
            if byte == UInt8(ascii: "]") { return try endArray() }
            state = .element
        }
        try findValue()
        return true
    }

    private var byte: UInt8 { input.bytes[input.position] }

    private func endArray() throws -> Bool {
        input.position += 1
        state = .end
        guard try !skipSpace() else { throw ReadError.json(place(), .trailingBytes) }
        return false
    }

    /// Passes white space; false at the end of the input.
    private func skipSpace() throws -> Bool {
        while true {
            while input.position < input.end {
                guard isSpace(byte) else { return true }
                if byte == 10 { line += 1 }
                input.position += 1
            }
            if input.isAtEnd { return false }
            try input.fill()
        }
    }

    /// Sets `length` to that of the value at the position, reading on until it is whole.
    private func findValue() throws {
        while true {
            let available = input.end - input.position
            let window = UnsafeRawBufferPointer(start: input.bytes + input.position, count: available)
            var scanner = JSONScanner(window)
            do {
                let range = try scanner.skipValue()
                length = range.upperBound
                guard length <= limit else { throw tooLong() }
                linesInside = window[..<length].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
                return
            } catch let error as JSONError {
                // The value may only be incomplete: the text ended, or an escape or a character near its end is cut.
                let isCut =
                    [.unexpectedEnd, .unterminatedString].contains(error.reason) || error.offset + 16 >= available
                guard !input.isAtEnd, isCut else {
                    length = available
                    let place = place(at: error.offset)
                    throw ReadError.json(place, error.reason)
                }
                guard available <= limit else { throw tooLong() }
                try input.fill(minimum: max(1, available))
            }
        }
    }

    private func tooLong() -> ReadError {
        .lineTooLong(InputPlace(file: input.name, line: line, offset: input.offset), limit: limit, openQuote: false)
    }

    /// After an error: to the next line. False if rows cannot be told apart any more.
    func recover() throws -> Bool {
        guard framing == .lines else { return length > 0 && linesInside >= 0 && state != .end }
        guard length == 0 else { return true }
        while true {
            let available = input.end - input.position
            let start = input.bytes + input.position
            if available > 0, let found = memchr(start, 10, available) {
                input.position += UnsafeRawPointer(found) - UnsafeRawPointer(start) + 1
                line += 1
                return true
            }
            input.position = input.end
            if input.isAtEnd { return true }
            try input.fill()
        }
    }

    @inline(__always)
    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
}
