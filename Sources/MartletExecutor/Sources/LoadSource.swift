import MartletData
import MartletPlanner
import Synchronization

/// Rows of files.
final class LoadSource: RowSource {
    private let node: LoadNode
    private let context: QueryContext
    private let reader: any MorselReader
    private let byteCount: Int?
    private var isAtEnd = false

    init(_ node: LoadNode, _ context: QueryContext) throws {
        self.node = node
        self.context = context
        let source = try context.inputs.open(node.path, options: node.options)
        guard source.schema == node.file.schema else { throw ExecutionError.schemaChanged(path: node.path) }
        byteCount = source.byteCount
        reader = try source.makeReader(
            ScanRequest(
                columns: node.positions, rowLimit: node.rowLimit, morselRows: context.settings.morselRows,
                pool: context.pool))
    }

    func next(rows: Int) throws -> [RowBlock]? {
        guard !isAtEnd else { return nil }
        var blocks: [RowBlock] = []
        var count = 0
        // A little less than asked for is enough.
        while count < rows - rows / 4 {
            try context.checkCancelled()
            let isStopped: @Sendable () -> Bool = { [context] in context.cancellation.isCancelled }
            let morsels = try InputWaiting.whileAsking(isStopped) {
                try reader.next(rows: rows - count)
            }
            guard !morsels.isEmpty else {
                isAtEnd = true
                noteSkipped()
                break
            }
            for morsel in morsels {
                var columns: [ColumnID: Column] = [:]
                for (column, data) in zip(node.columns, morsel.columns) { columns[column.id] = data }
                blocks.append(RowBlock(columns: columns, rowCount: morsel.rowCount, origins: morsel.origins))
                count += morsel.rowCount
            }
        }
        context.profile.meter.read(rows: count, fraction: fractionRead)
        return blocks.isEmpty ? nil : blocks
    }

    var fractionRead: Double? {
        guard let byteCount, byteCount > 0 else { return nil }
        return min(1, Double(reader.bytesRead) / Double(byteCount))
    }

    private func noteSkipped() {
        let skipped = reader.skipped
        guard skipped.count > 0 else { return }
        context.profile.note(
            .init(file: node.path, count: skipped.count, first: skipped.first?.explanation.message ?? ""))
    }
}

/// Opened inputs of a session. Standard input and other pipes can be sampled and read only once, so they stay open from one
/// to the other; of files what the sample told is kept while they are as they were.
package final class InputStore: Sendable {
    private let sources = Mutex<[String: any DataSource]>([:])

    package init() {}

    /// The source at `path`, opened anew if its files have changed.
    package func open(_ path: String, options: [String: Value]) throws -> any DataSource {
        let list = options.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let key = path + "\n" + list.map { "\($0.name)=\($0.value.text)" }.joined(separator: "\n")
        if let known = sources.withLock({ $0[key] }), known.byteCount == nil || known.isUnchanged { return known }
        let source = try DataFormats.open(path, options: list)
        sources.withLock { $0[key] = source }
        return source
    }
}
