import MartletData
import MartletPlanner
import MartletSupport

/// Takes all rows into a file, which appears whole or not at all.
final class WriteOperator: Operator {
    private let node: WriteNode
    private let columns: [PlanColumn]
    private let schema: Schema
    private let context: QueryContext
    private let options: [(name: String, value: Value)]
    private let file: AtomicFile
    private let writer: any MorselWriter
    private let format: DataFormat
    private var rows = 0

    init(_ node: WriteNode, _ context: QueryContext) throws {
        self.node = node
        self.context = context
        columns = node.input.columns
        schema = node.input.schema
        options = node.options.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        file = try AtomicFile(path: node.path)
        writer = try DataFormats.makeWriter(path: node.path, schema: schema, options: options, sink: file)
        let named = node.options["format"]?.text.lowercased()
        format = named.flatMap { DataFormats.table[$0] } ?? DataFormats.byExtension(node.path) ?? .csv
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        let morsels = blocks.filter { $0.rowCount > 0 }.map { $0.morsel(columns, schema: schema) }
        rows += morsels.reduce(0) { $0 + $1.rowCount }
        try PartwiseWriter(format, schema: schema, options: options, sink: file, writer: writer)
            .write(morsels, context)
        return []
    }

    func finish() throws -> [RowBlock] {
        try writer.finish()
        context.deferCommit(file, rows: rows)
        return []
    }

    func abandon() { file.abort() }
}

/// Formats morsels on all threads and writes them in order, where the format lets a part stand on its own.
package struct PartwiseWriter {
    private let format: DataFormat
    private let schema: Schema
    private let options: [(name: String, value: Value)]
    private let sink: any ByteSink
    private let writer: any MorselWriter

    package init(
        _ format: DataFormat, schema: Schema, options: [(name: String, value: Value)], sink: any ByteSink,
        writer: any MorselWriter
    ) {
        self.format = format
        self.schema = schema
        self.options = options
        self.sink = sink
        self.writer = writer
    }

    func write(_ morsels: [Morsel], _ context: QueryContext) throws {
        guard let first = morsels.first else { return }
        try writer.write(first)
        let rest = Array(morsels.dropFirst())
        guard !rest.isEmpty, let partOptions else {
            for morsel in rest { try writer.write(morsel) }
            return
        }
        // Parts go to the sink past the writer, behind all that it still holds.
        try writer.flush()
        // As many parts at a time as there are threads, so that little text waits in memory.
        let size = max(1, context.pool.threadCount)
        for start in stride(from: 0, to: rest.count, by: size) {
            let parts = Array(rest[start..<min(start + size, rest.count)])
            let texts = try context.parallelMap(parts) { [format, schema] morsel in
                let part = MemorySink()
                let writer = try format.makeWriter(
                    schema, try FormatOptions(partOptions, allowed: format.writeOptions, format: format.name), part)
                try writer.write(morsel)
                try writer.finish()
                return part.bytes
            }
            for text in texts { try text.withUnsafeBytes { try sink.write($0) } }
        }
    }

    /// Options under which a part has no beginning of its own; nil if there are none.
    private var partOptions: [(name: String, value: Value)]? {
        switch format.name {
        case DataFormat.csv.name: options.filter { $0.name.lowercased() != "header" } + [("header", .bool(false))]
        case DataFormat.jsonLines.name: options
        default: nil
        }
    }
}
