/// Writes rows as JSON objects: one per line, or as the elements of one array.
final class JSONRowWriter: MorselWriter {
    private let sink: any ByteSink
    private let isArray: Bool
    /// `"name":` of each column, with what stands before it.
    private let keys: [[UInt8]]
    private var buffer = TextBuffer()
    private var rows = 0

    init(_ schema: Schema, _ sink: any ByteSink, isArray: Bool) {
        self.sink = sink
        self.isArray = isArray
        keys = schema.names.enumerated().map { position, name in
            let key = MemorySink()
            var text = TextBuffer()
            text.append(position == 0 ? "{" : ",")
            text.appendJSONString(name)
            text.append(":")
            try? text.flush(to: key)
            return key.bytes
        }
    }

    func write(_ morsel: Morsel) throws {
        for row in 0..<morsel.rowCount {
            if isArray { buffer.append(rows == 0 ? "[\n" : ",\n") }
            rows += 1
            if keys.isEmpty { buffer.append("{") }
            for (position, column) in morsel.columns.enumerated() {
                keys[position].withUnsafeBufferPointer { buffer.append($0) }
                buffer.appendJSON(column, row: row)
            }
            buffer.append(isArray ? "}" : "}\n")
            try buffer.flushIfLarge(to: sink)
        }
    }

    func flush() throws { try buffer.flush(to: sink) }

    func finish() throws {
        if isArray { buffer.append(rows == 0 ? "[]\n" : "\n]\n") }
        try buffer.flush(to: sink)
    }
}
