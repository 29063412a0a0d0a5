import MartletSupport

/// The open set of data formats. To add one: a file with a `DataFormat` value, and a line here.
package enum DataFormats {
    package static let table = NameTable<DataFormat>([
        .csv,
        .tsv,
        .jsonLines,
        .json,
    ]) { [$0.name] }

    /// Opens `pattern` (a path, a glob, or `-`) with the options of a script. The format is the option `format`, else the
    /// extension's, else the content's. Throws `ReadError`, `FileError`, `SchemaError`.
    package static func open(_ pattern: String, options: [(name: String, value: Value)] = []) throws -> any DataSource {
        try open(DataFiles(pattern), options: options)
    }

    /// The same for files in hand, such as bytes in memory.
    package static func open(
        _ files: DataFiles, options: [(name: String, value: Value)] = []
    ) throws -> any DataSource {
        let format = try readFormat(files, options)
        return try format.open(
            files, FormatOptions(options, allowed: format.readOptions, format: format.name))
    }

    /// A writer for `path` whose format is the option `format`, else the extension's, else CSV.
    package static func makeWriter(
        path: String, schema: Schema, options: [(name: String, value: Value)] = [], sink: any ByteSink
    ) throws -> any MorselWriter {
        let format = try named(options) ?? byExtension(path) ?? .csv
        return try format.makeWriter(
            schema, FormatOptions(options, allowed: format.writeOptions, format: format.name), sink)
    }

    /// The format that the name of a file says.
    package static func byExtension(_ path: String) -> DataFormat? {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = path[path.utf8.index(after: dot)...].lowercased()
        return table.entries.first { $0.extensions.contains(ending) }
    }

    private static func named(_ options: [(name: String, value: Value)]) throws -> DataFormat? {
        guard let value = options.last(where: { $0.name.lowercased() == "format" })?.value else { return nil }
        guard case .string(let name) = value, let format = table[name.lowercased()] else {
            throw ReadError.unknownFormat(name: value.text, suggestion: table.suggestion(for: value.text))
        }
        return format
    }

    private static func readFormat(_ files: DataFiles, _ options: [(name: String, value: Value)]) throws -> DataFormat {
        if let format = try named(options) { return format }
        let path = files.paths[0]
        if let format = byExtension(path) { return format }
        return try files.sample(path) { input in
            try TextCheck.refuseForeign(input)
            let head = UnsafeBufferPointer(start: input.bytes + input.position, count: input.end - input.position)
            return table.entries.first { $0.sniff(head) } ?? .csv
        }
    }
}
