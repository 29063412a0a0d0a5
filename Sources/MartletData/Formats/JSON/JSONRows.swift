import MartletSupport

/// Reads the rows of one JSON file into columns.
final class JSONRows: FileRows, RecordRows {
    private let records: JSONRecords
    private let options: JSONReadOptions
    private let shape: JSONShape
    private let schema: Schema
    /// For each column of the morsel its place in the source.
    private let wanted: [Int]
    private let sampledRows: Int
    private let declared: Set<String>
    private let start: Int
    /// One per column of the source: all are read, so that what is wrong is wrong whoever looks.
    private var builders: [ColumnBuilder]
    private(set) var skipped = SkippedRows()
    /// Where rows read so far came from; empty but after an error.
    private var places: [RowPlace] = []

    init(
        _ records: JSONRecords, _ options: JSONReadOptions, source: Schema, takesAnything: [Bool], wanted: [Int],
        sampledRows: Int
    ) {
        self.records = records
        self.options = options
        self.wanted = wanted
        self.sampledRows = sampledRows
        schema = source.selecting(wanted)
        shape = JSONShape(
            columns: source.fields, takesAnything: takesAnything, ignoresUnknownKeys: options.columns != nil)
        builders = source.fields.map { ColumnBuilder($0.type) }
        declared = Set((options.columns ?? options.types).map(\.name))
        start = records.input.offset
    }

    var bytesRead: Int { records.input.offset - start }

    func next(rows: Int, ordinal: Int64) throws -> [Morsel] {
        try nextMorsel(rows: rows, ordinal: ordinal).map { [$0] } ?? []
    }

    var rest: (position: Int, lines: Int) { records.rest }

    func nextMorsel(rows: Int, ordinal: Int64) throws -> Morsel? {
        let places = try read(rows: rows, ordinal: ordinal)
        return places.isEmpty ? nil : morsel(places)
    }

    func takePartial() -> Morsel? {
        defer { places = [] }
        return places.isEmpty ? nil : morsel(places)
    }

    /// All rows of the input; nil if there is an error, or more than comes at once.
    func readSpan() -> SpanRows? {
        guard let places = try? read(rows: .max, ordinal: 1), !places.isEmpty, (try? records.next()) == false else {
            return nil
        }
        let isRun = places.indices.allSatisfy { places[$0].line == Int64($0 + 1) }
        return SpanRows(
            columns: finishColumns(), count: places.count, lines: records.rest.lines,
            linesBefore: isRun ? nil : places.map { Int($0.line - 1) })
    }

    private func morsel(_ places: [RowPlace]) -> Morsel {
        Morsel(
            schema: schema, columns: finishColumns(), rowCount: places.count,
            origins: RowOrigins(sources: [records.input.name], places: places))
    }

    private func finishColumns() -> [Column] {
        let columns = builders.indices.map { builders[$0].finish() }
        return wanted.map { columns[$0] }
    }

    /// Appends rows to the builders: where they came from.
    private func read(rows: Int, ordinal: Int64) throws -> [RowPlace] {
        var places: [RowPlace] = []
        places.reserveCapacity(min(rows, Morsel.defaultRowCount))
        var builders = self.builders
        self.builders = []
        defer { self.builders = builders }
        var bytes = 0
        while places.count < rows, bytes < FileSequence.maximumBytes {
            do {
                guard try records.next() else { break }
                try append(to: &builders)
            } catch let error as ReadError {
                for index in builders.indices { builders[index].truncate(to: places.count) }
                guard options.ignoresErrors else {
                    self.places = places
                    throw error
                }
                skipped.add(error)
                guard try records.recover() else { throw error }
                continue
            }
            bytes += records.length
            places.append(
                RowPlace(source: 0, line: Int64(records.line), ordinal: ordinal + Int64(places.count)))
        }
        return places
    }

    private func append(to builders: inout [ColumnBuilder]) throws(ReadError) {
        var scanner = JSONScanner(records.bytes)
        do {
            let kind: JSONKind
            do { kind = try scanner.peek() } catch { throw JSONMismatch.syntax(error) }
            guard kind == .object else { throw ReadError.notAnObject(records.place(), found: kind) }
            try shape.appendRow(&scanner, into: &builders)
            do { try scanner.expectEnd() } catch { throw JSONMismatch.syntax(error) }
        } catch let error as ReadError {
            throw error
        } catch let error as JSONMismatch {
            throw records.readError(error, at: scanner.offset, sampledRows: sampledRows, declared: declared)
        } catch {
            preconditionFailure("bug: \(error)")
        }
    }
}

extension JSONRecords {
    /// The error of a row, with its place. `offset` is where the scanner stopped.
    func readError(
        _ error: JSONMismatch, at offset: Int, sampledRows: Int, declared: Set<String> = []
    ) -> ReadError {
        switch error {
        case .syntax(let error): return .json(place(at: error.offset), error.reason)
        case .type(let path, let found, let type):
            let isDeclared = path.first.map { declared.contains($0) } ?? false
            return .typeMismatch(
                place(at: offset), path: pathText(path), found: found, type: type,
                inferredFrom: isDeclared ? nil : sampledRows)
        case .unknownKey(let path):
            return .unknownKey(place(at: offset), path: pathText(path), inferredFrom: sampledRows)
        case .duplicateKey(let path): return .duplicateKey(place(at: offset), path: pathText(path))
        }
    }
}
