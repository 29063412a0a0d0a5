import MartletSupport

/// Reads the rows of one JSON file into columns.
final class JSONRows: FileRows {
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

    private func nextMorsel(rows: Int, ordinal: Int64) throws -> Morsel? {
        var places: [RowPlace] = []
        places.reserveCapacity(rows)
        var builders = self.builders
        self.builders = []
        defer { self.builders = builders }
        var bytes = 0
        while places.count < rows, bytes < FileSequence.maximumBytes {
            do {
                guard try records.next() else { break }
                try append(to: &builders)
            } catch let error as ReadError {
                guard options.ignoresErrors else { throw error }
                for index in builders.indices { builders[index].truncate(to: places.count) }
                skipped.add(error)
                guard try records.recover() else { throw error }
                continue
            }
            bytes += records.length
            places.append(
                RowPlace(source: 0, line: Int64(records.line), ordinal: ordinal + Int64(places.count)))
        }
        guard !places.isEmpty else { return nil }
        let columns = builders.indices.map { builders[$0].finish() }
        return Morsel(
            schema: schema, columns: wanted.map { columns[$0] }, rowCount: places.count,
            origins: RowOrigins(sources: [records.input.name], places: places))
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
