import MartletSupport

/// One or more CSV files with the same columns.
final class CSVSource: DataSource {
    let name: String
    let schema: Schema
    private let data: DataFiles
    private let options: CSVReadOptions
    private let layouts: [CSVLayout]
    /// Per schema column: rows its type was inferred from, nil if declared.
    private let inferredFrom: [Int?]

    init(_ data: DataFiles, _ options: CSVReadOptions) throws {
        name = data.name
        self.data = data
        self.options = options
        let layouts = try data.paths.map { path in try data.sample(path) { try CSVLayout($0, options) } }
        self.layouts = layouts
        guard let first = layouts.first else { throw ReadError.noMatch(pattern: data.name) }
        var types = first.types
        for layout in layouts.dropFirst() {
            try CSVSource.unify(first, layout, &types, declared: Set(options.types.map { $0.name.lowercased() }))
        }
        var fields = zip(first.names, types).map { Field($0, $1 ?? .string) }
        var inferredFrom = fields.map { _ in Int?.some(layouts.reduce(0) { $0 + $1.sampledRows }) }
        if let columns = options.columns {
            fields = columns.map { Field($0.name, $0.type) }
            inferredFrom = fields.map { _ in nil }
        }
        let names = fields.map(\.name)
        for (name, type) in options.types {
            guard let position = names.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
                throw ReadError.badOption(
                    name: "types", value: name,
                    wanted: "names of columns"
                        + (closestName(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""))
            }
            fields[position].type = type
            inferredFrom[position] = nil
        }
        schema = try Schema(fields)
        self.inferredFrom = inferredFrom
    }

    var files: [String] { data.paths }
    var byteCount: Int? { data.byteCount }
    var isUnchanged: Bool { data.areUnchanged }

    func makeReader(_ request: ScanRequest) throws -> any MorselReader {
        let wanted = request.columns ?? Array(0..<schema.count)
        let result = schema.selecting(wanted)
        return FileSequence(schema: result, width: schema.count, files: files, request: request) { [self] file in
            let layout = layouts[file]
            let positions = layout.names.map { schema.index(of: $0) ?? 0 }
            let cells = positions.enumerated().map { index, position in
                CSVCell(name: layout.names[index], type: schema[position].type, inferredFrom: inferredFrom[position])
            }
            let targets = positions.map { wanted.firstIndex(of: $0) ?? -1 }
            let input = try data.take(layout.file)
            let rows = try CSVRows(input, layout, options, cells: cells, targets: targets, schema: result)
            guard !request.recordByRecord, CSVChunk.canRead(layout.dialect, options) else { return rows }
            let chunk = CSVChunk(
                dialect: layout.dialect, options: options, cells: cells,
                wanted: wanted.map { positions.firstIndex(of: $0) ?? 0 }, targets: targets, schema: result)
            let lines: Int
            (input.position, lines) = rows.rest
            return WindowRows(
                input, start: rows.start, lines: lines, chunk, rowBytes: layout.rowBytes, pool: request.pool)
        }
    }

    /// Merges the types of `layout` into `types`, which are in the order of `first`. The order of columns may differ.
    private static func unify(
        _ first: CSVLayout, _ layout: CSVLayout, _ types: inout [DataType?], declared: Set<String>
    ) throws {
        func mismatch(_ column: String, _ reason: String) -> ReadError {
            .schemaMismatch(first: first.file, second: layout.file, column: column, reason: reason)
        }
        let theirs = Dictionary(
            zip(layout.names.map { $0.lowercased() }, layout.names.indices)
        ) { first, _ in first }
        for (position, name) in first.names.enumerated() {
            guard let other = theirs[name.lowercased()] else { throw mismatch(name, "is missing there") }
            guard let mine = types[position], let its = layout.types[other], !declared.contains(name.lowercased())
            else {
                types[position] = types[position] ?? layout.types[other]
                continue
            }
            guard let type = mine.unified(with: its) else {
                throw mismatch(name, "is \(its.text) there and \(mine.text) here")
            }
            types[position] = type
        }
        if layout.names.count > first.names.count {
            let mine = Set(first.names.map { $0.lowercased() })
            let extra = layout.names.first { !mine.contains($0.lowercased()) } ?? ""
            throw mismatch(extra, "is only there")
        }
    }
}
