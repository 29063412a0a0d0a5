import MartletSupport

/// Writes rows as CSV (RFC 4180, lines end in LF). The header comes with the first morsel or at the end.
///
/// Null is the null word (empty unless told otherwise), an empty string is quoted, and so is text that would read as null or
/// that has a separator, quote, line end, or space at its ends. Lists, structs and tensors stand as JSON.
final class CSVWriter: MorselWriter {
    private let sink: any ByteSink
    private let schema: Schema
    private let separator: UInt8
    private let quote: UInt8
    private let null: [UInt8]
    private let always: Bool
    private var header: Bool
    private var buffer = TextBuffer()
    private let mustQuote: [Bool]

    static let described: [FormatOption] = [
        FormatOption("header", "false: no row of names"),
        FormatOption("delim", aliases: ["sep", "delimiter"], "one character between fields; a comma by default"),
        FormatOption("quote", "the quoting character, \" by default"),
        FormatOption("nullstr", aliases: ["null"], "text that stands for null; empty by default"),
        FormatOption("force_quote", "true: every string is quoted"),
    ]

    init(_ schema: Schema, _ options: FormatOptions, _ sink: any ByteSink, separator usual: UInt8) throws {
        self.schema = schema
        self.sink = sink
        header = try options.bool("header") ?? true
        guard let separator = try options.character("delim") ?? usual else {
            throw options.bad("delim", "one ASCII character")
        }
        guard let quote = try options.character("quote") ?? UInt8(ascii: "\"") else {
            throw options.bad("quote", "one ASCII character")
        }
        guard separator != quote else { throw options.bad("delim", "a character other than the quote") }
        self.separator = separator
        self.quote = quote
        null = Array((try options.string("nullstr") ?? "").utf8)
        always = try options.bool("force_quote") ?? false
        mustQuote = (0..<256).map { byte in
            let byte = UInt8(byte)
            return byte == separator || byte == quote || byte == 10 || byte == 13
        }
    }

    func write(_ morsel: Morsel) throws {
        writeHeader()
        for row in 0..<morsel.rowCount {
            for (position, column) in morsel.columns.enumerated() {
                if position > 0 { buffer.append(separator) }
                append(column, row)
            }
            buffer.append(UInt8(ascii: "\n"))
            try buffer.flushIfLarge(to: sink)
        }
    }

    func flush() throws { try buffer.flush(to: sink) }

    func finish() throws {
        writeHeader()
        try buffer.flush(to: sink)
    }

    private func writeHeader() {
        guard header else { return }
        header = false
        for (position, name) in schema.names.enumerated() {
            if position > 0 { buffer.append(separator) }
            var name = name
            name.withUTF8 { append(text: $0) }
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private func append(_ column: Column, _ row: Int) {
        if column.isNull(row) { return null.withUnsafeBufferPointer { buffer.append($0) } }
        switch column.storage {
        case .none: break
        case .bools(let values): buffer.append(values[column.offset + row] ? "true" : "false")
        case .ints(let values):
            let value = values[column.offset + row]
            if column.type == .timestamp { buffer.append(TimestampText.text(value)) } else { buffer.append(value) }
        case .floats(let values): buffer.append(values[column.offset + row])
        case .bytes where column.type == .bytes:
            buffer.append("\\x")
            column.withUTF8(row) { buffer.append(hexadecimal($0)) }
        case .bytes: column.withUTF8(row) { append(text: $0) }
        case .list, .structure, .tensor, .tensors: appendJSON(column, row)
        }
    }

    /// Always quoted; most of it has no quotes inside, so it is written in place and only looked over.
    private func appendJSON(_ column: Column, _ row: Int) {
        buffer.append(quote)
        let start = buffer.count
        buffer.appendJSON(column, row: row)
        if buffer.contains(quote, from: start) {
            for byte in buffer.takeTail(from: start) {
                if byte == quote { buffer.append(quote) }
                buffer.append(byte)
            }
        }
        buffer.append(quote)
    }

    private func append(text: UnsafeBufferPointer<UInt8>) {
        var quotes = always || text.count == 0 || text[0] == 32 || text[text.count - 1] == 32
        if !quotes { quotes = text.contains { mustQuote[Int($0)] } }
        if !quotes, text.count == null.count, text.elementsEqual(null) { quotes = true }
        guard quotes else { return buffer.append(text) }
        buffer.append(quote)
        var start = 0
        for index in 0..<text.count where text[index] == quote {
            buffer.append(UnsafeBufferPointer(rebasing: text[start...index]))
            start = index
        }
        buffer.append(UnsafeBufferPointer(rebasing: text[start...]))
        buffer.append(quote)
    }
}
