import MartletSupport

/// How fields and rows are set apart (RFC 4180, with another separator, quote or escape).
struct CSVDialect: Hashable {
    var separator: UInt8 = UInt8(ascii: ",")
    /// nil: quotes mean nothing.
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Stands before a quote inside a quoted field; the quote itself by default.
    var escape: UInt8? = UInt8(ascii: "\"")
    /// False: a quote within an unquoted field, and text after a closing quote, are taken as they are.
    var isStrict = true
    var maximumRecord = 16 << 20
}

/// A field within the input's bytes; indices count from the start of the record.
struct CSVField {
    var start: Int
    var end: Int
    var isQuoted: Bool
    /// True if the bytes must be decoded: doubled quotes, escapes, text after a closing quote.
    var isEscaped: Bool
}

/// Cuts an input into records. Fields are found, not copied; they are valid until the next call of `next`.
final class CSVRecords {
    let input: ByteInput
    let dialect: CSVDialect
    /// The fields of the record.
    var fields: UnsafeBufferPointer<CSVField> { UnsafeBufferPointer(start: found, count: foundCount) }
    private var found: UnsafeMutablePointer<CSVField>
    private var foundCount = 0
    private var foundCapacity = 64
    /// Length of the record with its line end.
    private(set) var length = 0
    /// 1-based line where the record starts.
    private(set) var line: Int
    private var nextLine: Int
    private let separators: UInt64
    private let quotes: UInt64

    /// `line` is that of the first byte.
    init(_ input: ByteInput, _ dialect: CSVDialect, line: Int = 1) {
        self.input = input
        self.line = line
        nextLine = line
        self.dialect = dialect
        separators = 0x0101_0101_0101_0101 &* UInt64(dialect.separator)
        // Without a quote the test looks for a line feed, which ends a field anyway.
        quotes = 0x0101_0101_0101_0101 &* UInt64(dialect.quote ?? 10)
        found = .allocate(capacity: foundCapacity)
    }

    deinit { found.deallocate() }

    @inline(__always)
    private func add(_ field: CSVField) {
        if foundCount == foundCapacity {
            let larger = UnsafeMutablePointer<CSVField>.allocate(capacity: foundCapacity * 2)
            larger.update(from: found, count: foundCount)
            found.deallocate()
            found = larger
            foundCapacity *= 2
        }
        found[foundCount] = field
        foundCount &+= 1
    }

    /// First byte of the record.
    var base: UnsafePointer<UInt8> { UnsafePointer(input.bytes + input.position) }

    /// The bytes of a field as they stand in the file, without outer quotes.
    @inline(__always)
    func raw(_ field: CSVField) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + field.start, count: field.end &- field.start)
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: length) }

    /// Skips a byte order mark. To be called at the start of a file.
    func skipByteOrderMark() throws {
        if input.end - input.position < 3, !input.isAtEnd { try input.fill(minimum: 3) }
        if input.end - input.position >= 3, base[0] == 0xef, base[1] == 0xbb, base[2] == 0xbf { input.position += 3 }
    }

    /// Finds the next record; false at the end. After an error `skipLine` goes on behind the line where the record starts.
    func next() throws -> Bool {
        input.position += length
        line = nextLine
        length = 0
        while true {
            let available = input.end - input.position
            if available == 0 {
                if input.isAtEnd { return false }
                try input.fill()
                continue
            }
            switch scan(available) {
            case .record(let count):
                guard count <= dialect.maximumRecord else {
                    throw ReadError.lineTooLong(place(), limit: dialect.maximumRecord, openQuote: false)
                }
                length = count
                return true
            case .more(let inQuotes):
                guard available <= dialect.maximumRecord else {
                    throw ReadError.lineTooLong(place(), limit: dialect.maximumRecord, openQuote: inQuotes != nil)
                }
                try input.fill(minimum: available)
            case .strayQuote(let index): throw ReadError.strayQuote(place(at: index))
            case .textAfterQuote(let index): throw ReadError.textAfterQuote(place(at: index))
            case .unterminated(let index): throw ReadError.unterminatedQuote(place(at: index))
            }
        }
    }

    /// For another reader: where the record after this one starts, and the lines before it.
    var rest: (position: Int, lines: Int) { (input.position + length, nextLine - 1) }

    /// Leaves the physical line at which a failed record starts, whatever its length.
    func skipLine() throws {
        length = 0
        while true {
            let available = input.end - input.position
            for index in 0..<available where base[index] == 10 || base[index] == 13 {
                if base[index] == 13, index + 1 == available, !input.isAtEnd { break }
                let two = base[index] == 13 && index + 1 < available && base[index + 1] == 10
                input.position += index + (two ? 2 : 1)
                nextLine = line + 1
                line = nextLine
                return
            }
            if input.isAtEnd {
                input.position = input.end
                return
            }
            // Keep a last carriage return, whose line feed may follow.
            let keeps = available > 0 && base[available - 1] == 13 ? 1 : 0
            input.position = input.end - keeps
            try input.fill(minimum: 1)
        }
    }

    /// Line and column of a byte of the record, columns in bytes from 1.
    func place(at index: Int = 0) -> InputPlace {
        var line = line
        var lineStart = 0
        let stop = min(index, input.end - input.position)
        for at in 0..<max(0, stop) where base[at] == 10 || (base[at] == 13 && !(at + 1 < stop && base[at + 1] == 10)) {
            line += 1
            lineStart = at + 1
        }
        return InputPlace(file: input.name, line: line, column: index - lineStart + 1, offset: input.offset + index)
    }

    private enum Scan {
        case record(Int)
        /// The bytes end within the record; index of the quote that is open, if any.
        case more(inQuotes: Int?)
        case strayQuote(Int)
        case textAfterQuote(Int)
        case unterminated(Int)
    }

    /// record = field { separator field } ( LF | CR | CR LF | end )
    private func scan(_ available: Int) -> Scan {
        let base = base
        let isLast = input.isAtEnd
        let separator = dialect.separator
        let quote = dialect.quote
        var lines = 1
        var index = 0
        foundCount = 0
        while true {
            let start = index
            var field: CSVField
            if let quote, index < available, base[index] == quote {
                switch scanQuoted(from: start, available, lines: &lines) {
                case .found(let quoted, let next):
                    field = quoted
                    index = next
                case .open: return isLast ? .unterminated(start) : .more(inQuotes: start)
                case .textAfter(let at): return .textAfterQuote(at)
                }
            } else {
                index = plainEnd(from: index, available)
                while !dialect.isStrict, let quote, index < available, base[index] == quote {
                    index = plainEnd(from: index + 1, available)
                }
                if let quote, index < available, base[index] == quote { return .strayQuote(index) }
                field = CSVField(start: start, end: index, isQuoted: false, isEscaped: false)
            }
            guard index < available else {
                if !isLast { return .more(inQuotes: nil) }
                add(field)
                nextLine = line + lines
                return .record(index)
            }
            add(field)
            let byte = base[index]
            index &+= 1
            if byte == separator { continue }
            if byte == 13 {
                if index == available, !isLast { return .more(inQuotes: nil) }
                if index < available, base[index] == 10 { index &+= 1 }
            }
            nextLine = line + lines
            return .record(index)
        }
    }

    /// Index of the first separator, quote, CR or LF at or after `start`, or `available`.
    @inline(__always)
    private func plainEnd(from start: Int, _ available: Int) -> Int {
        let base = UnsafeRawPointer(base)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index &+ 8 <= available {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let s = word ^ separators
            let q = word ^ quotes
            // The lowest hit of each test is exact; below 0x0e are the line ends and a few rare control characters.
            let hits = (((s &- ones) & ~s) | ((q &- ones) & ~q) | ((word &- ones &* 0x0e) & ~word)) & highs
            if hits == 0 {
                index &+= 8
                continue
            }
            index &+= hits.trailingZeroBitCount &>> 3
            if isSpecial(base.load(fromByteOffset: index, as: UInt8.self)) { return index }
            index &+= 1
        }
        while index < available, !isSpecial(base.load(fromByteOffset: index, as: UInt8.self)) { index &+= 1 }
        return index
    }

    @inline(__always)
    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == dialect.separator || byte == 10 || byte == 13 || byte == dialect.quote
    }

    private enum Quoted {
        /// `next` is the index of the separator or line end after the field, or the end of the bytes.
        case found(CSVField, next: Int)
        case open
        case textAfter(Int)
    }

    private func scanQuoted(from start: Int, _ available: Int, lines: inout Int) -> Quoted {
        guard let quote = dialect.quote else { return .open }
        let base = base
        let escape = dialect.escape
        var index = start + 1
        var isEscaped = false
        while index < available {
            let byte = base[index]
            if let escape, escape != quote, byte == escape {
                guard index + 1 < available else { break }
                isEscaped = true
                index += 2
            } else if byte == quote {
                if index + 1 < available, escape == quote, base[index + 1] == quote {
                    isEscaped = true
                    index += 2
                    continue
                }
                if index + 1 == available, !input.isAtEnd { return .open }
                let field = CSVField(start: start + 1, end: index, isQuoted: true, isEscaped: isEscaped)
                guard index + 1 < available else { return .found(field, next: index + 1) }
                let after = base[index + 1]
                if after == dialect.separator || after == 10 || after == 13 { return .found(field, next: index + 1) }
                if dialect.isStrict { return .textAfter(index + 1) }
                return scanLenient(from: start, available, lines: &lines)
            } else if byte == 10 || byte == 13 {
                if byte == 10 || !(index + 1 < available && base[index + 1] == 10) { lines += 1 }
                index += 1
            } else {
                index = skipQuotedText(from: index + 1, available)
            }
        }
        return .open
    }

    /// Index of the next quote, escape, or line end at or after `start`.
    @inline(__always)
    private func skipQuotedText(from start: Int, _ available: Int) -> Int {
        let raw = UnsafeRawPointer(base)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let escapes = ones &* UInt64(dialect.escape ?? dialect.quote ?? 10)
        var index = start
        while index &+ 8 <= available {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let e = word ^ escapes
            let q = word ^ quotes
            let hits = (((e &- ones) & ~e) | ((q &- ones) & ~q) | ((word &- ones &* 0x0e) & ~word)) & highs
            if hits != 0 { return index &+ (hits.trailingZeroBitCount &>> 3) }
            index &+= 8
        }
        return index
    }

    /// A quoted field with text after its closing quote: that text belongs to the field, and a quote in it opens no more.
    private func scanLenient(from start: Int, _ available: Int, lines: inout Int) -> Quoted {
        guard let quote = dialect.quote else { return .open }
        let base = base
        var index = start + 1
        var inQuotes = true
        while index < available {
            let byte = base[index]
            if inQuotes {
                if let escape = dialect.escape, escape != quote, byte == escape {
                    index += 2
                    continue
                }
                if byte == quote {
                    if dialect.escape == quote, index + 1 < available, base[index + 1] == quote {
                        index += 2
                        continue
                    }
                    inQuotes = false
                }
            } else if byte == dialect.separator || byte == 10 || byte == 13 {
                break
            }
            index += 1
        }
        if inQuotes || (index >= available && !input.isAtEnd) { return .open }
        return .found(CSVField(start: start + 1, end: index, isQuoted: true, isEscaped: true), next: index)
    }

    /// Appends the meaning of an escaped field.
    func decode(_ field: CSVField, into output: inout [UInt8]) {
        guard let quote = dialect.quote else { return }
        var inQuotes = true
        let text = raw(field)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if inQuotes, let escape = dialect.escape, byte == escape, index + 1 < text.count,
                escape != quote || text[index + 1] == quote
            {
                output.append(text[index + 1])
                index += 2
                continue
            }
            index += 1
            if inQuotes, byte == quote {
                inQuotes = false
            } else {
                output.append(byte)
            }
        }
    }
}
