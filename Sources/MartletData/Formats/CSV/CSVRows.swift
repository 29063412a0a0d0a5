import MartletSupport

/// Reads the rows of one CSV file into columns.
final class CSVRows: FileRows, RecordRows {
    let records: CSVRecords
    private let options: CSVReadOptions
    /// In file order.
    private let cells: [CSVCell]
    /// For each column of the file its place in the morsel, or -1.
    let targets: [Int]
    let schema: Schema
    /// Where the file's first byte is in the input.
    let start: Int
    private var builders: [ColumnBuilder]
    private(set) var skipped = SkippedRows()
    private var scratch: [UInt8] = []
    /// Where rows read so far came from; empty but after an error.
    private var places: [RowPlace] = []

    /// `input` is at the first byte. `targets` says for each file column where it goes. Throws if the header has changed.
    init(
        _ input: ByteInput, _ layout: CSVLayout, _ options: CSVReadOptions, cells: [CSVCell], targets: [Int],
        schema: Schema
    ) throws {
        records = CSVRecords(input, layout.dialect)
        self.options = options
        self.cells = cells
        self.targets = targets
        self.schema = schema
        start = input.offset
        builders = schema.fields.map { ColumnBuilder($0.type) }
        try records.begin(skip: options.skip)
        guard layout.hasHeader else { return }
        repeat {
            guard try records.next() else { throw ReadError.changed(file: input.name) }
        } while records.isBlank
        let names = records.fields.map { records.withText($0) { String(decoding: $0, as: UTF8.self) } }
        guard names.count <= cells.count,
            options.names != nil || options.columns != nil
                || zip(names, cells).allSatisfy({ $0.isEmpty || $0 == $1.name })
        else { throw ReadError.changed(file: input.name) }
    }

    /// Reads records of `input`, which begins with a row at `line`, as `chunk` would.
    init(_ input: ByteInput, _ chunk: CSVChunk, line: Int) {
        records = CSVRecords(input, chunk.dialect, line: line)
        options = chunk.options
        cells = chunk.cells
        targets = chunk.targets
        schema = chunk.schema
        start = input.offset
        builders = schema.fields.map { ColumnBuilder($0.type) }
    }

    var rest: (position: Int, lines: Int) { records.rest }

    var bytesRead: Int { records.input.offset - start }

    func next(rows: Int, ordinal: Int64) throws -> [Morsel] {
        try nextMorsel(rows: rows, ordinal: ordinal).map { [$0] } ?? []
    }

    func nextMorsel(rows: Int, ordinal: Int64) throws -> Morsel? {
        var places: [RowPlace] = []
        // Taken out, so that appends need no check of who else looks at the property.
        var builders = self.builders
        self.builders = []
        defer { self.builders = builders }
        let expected = min(rows, Morsel.defaultRowCount)
        places.reserveCapacity(expected)
        for index in builders.indices { builders[index].reserve(rows: expected, bytes: expected * 16) }
        var bytes = 0
        while places.count < rows, bytes < FileSequence.maximumBytes {
            do {
                guard try records.next() else { break }
                if cells.count > 1, records.isBlank { continue }
                try append(to: &builders)
            } catch let error as ReadError {
                for index in builders.indices { builders[index].truncate(to: places.count) }
                guard options.ignoresErrors else {
                    self.places = places
                    throw error
                }
                skipped.add(error)
                // A record that was found is left as a whole, else its first line is.
                if records.length == 0 { try records.skipLine() }
                continue
            }
            bytes += records.length
            places.append(
                RowPlace(source: 0, line: Int64(records.line), ordinal: ordinal + Int64(places.count)))
        }
        return morsel(&builders, places)
    }

    func takePartial() -> Morsel? {
        defer { places = [] }
        return morsel(&builders, places)
    }

    private func morsel(_ builders: inout [ColumnBuilder], _ places: [RowPlace]) -> Morsel? {
        guard !places.isEmpty else { return nil }
        return Morsel(
            schema: schema, columns: builders.indices.map { builders[$0].finish() }, rowCount: places.count,
            origins: RowOrigins(sources: [records.input.name], places: places))
    }

    /// Appends the current record, or throws with some columns one row longer.
    @inline(__always)
    private func append(to builders: inout [ColumnBuilder]) throws(ReadError) {
        try records.checkText()
        let fields = records.fields
        guard fields.count == cells.count || (fields.count < cells.count && options.padsWithNulls) else {
            throw .fieldCount(records.place(), expected: cells.count, found: fields.count)
        }
        for position in fields.indices {
            let field = fields[position]
            let target = targets[position]
            var text = records.raw(field)
            if field.isEscaped {
                scratch.removeAll(keepingCapacity: true)
                records.decode(field, into: &scratch)
                let fits = scratch.withUnsafeBufferPointer { text in
                    target < 0 ? cells[position].accepts(text) : cells[position].append(text, to: &builders[target])
                }
                if !fits { throw badValue(position, field) }
                continue
            }
            if isNull(text, field, position) {
                if target >= 0 { builders[target].appendNull() }
                continue
            }
            if text.baseAddress == nil { text = UnsafeBufferPointer(start: nil, count: 0) }
            let fits =
                target < 0 ? cells[position].accepts(text) : cells[position].append(text, to: &builders[target])
            if !fits { throw badValue(position, field) }
        }
        for position in fields.count..<max(cells.count, fields.count) where targets[position] >= 0 {
            builders[targets[position]].appendNull()
        }
    }

    /// An unquoted null word; and in a column that is no string, also an empty or quoted one.
    @inline(__always)
    private func isNull(_ text: UnsafeBufferPointer<UInt8>, _ field: CSVField, _ position: Int) -> Bool {
        if cells[position].kind == .string { return !field.isQuoted && options.isNull(text) }
        return text.count == 0 || options.isNull(text)
    }

    private func badValue(_ position: Int, _ field: CSVField) -> ReadError {
        let cell = cells[position]
        let text = records.withText(field) { String(decoding: $0.prefix(240), as: UTF8.self) }
        let shown = text.count > 60 ? text.prefix(57) + "…" : text[...]
        return .badValue(
            records.place(at: field.start - (field.isQuoted ? 1 : 0)), column: cell.name, value: String(shown),
            type: cell.type, inferredFrom: cell.inferredFrom)
    }
}
