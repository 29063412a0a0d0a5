import MartletData
import MartletPlanner

/// Groups of rows as long as they fit the memory's share; then rows of other groups go to a file, parted by hash.
///
/// Spans of a window are aggregated in parallel into groups of their own, which are merged in row order. Aggregates that keep the
/// values of their groups wait for all rows, and all rows of a group go the same way: the values of one group must fit the memory.
final class GroupedRows {
    private let node: AggregateNode
    private let context: QueryContext
    private let profileIndex: Int
    private let level: Int
    private let share: MemoryShare
    /// Whether parting the rows would not help.
    private let isOfOneKey: Bool
    private let keepsValues: Bool
    private let evaluation: ExpressionRunner
    private let total: AggregateTotal
    /// Whether most rows of the last window opened a group in their span.
    private var areMostlyNew = false
    /// Rows that wait until all are there.
    private var held: [RowBlock] = []
    private var heldBytes = 0
    private(set) var partitions: RowPartitions?

    init(
        _ node: AggregateNode, _ context: QueryContext, profileIndex: Int, level: Int, isOfOneKey: Bool = false
    ) {
        self.node = node
        self.context = context
        self.profileIndex = profileIndex
        self.level = level
        self.isOfOneKey = isOfOneKey || node.groups.isEmpty || level > RowPartitions.deepest
        share = MemoryShare(context)
        keepsValues = !self.isOfOneKey && node.aggregates.contains { $0.call.aggregate.keepsValues }
        evaluation = ExpressionRunner(context, stage: "aggregate", columns: [])
        total = AggregateTotal(node, context)
    }

    /// Rows as they come, the first ones first, and the number of each block's first row.
    func add(_ blocks: [(block: RowBlock, first: Int)], _ input: AggregateInput) throws {
        try add(blocks, rowCount: \.block.rowCount) { try input.columns($0.block, firstRow: $0.first) }
    }

    /// Rows that were computed before.
    func add(_ blocks: [RowBlock]) throws { try add(blocks, rowCount: \.rowCount) { $0 } }

    private func add<Source: Sendable>(
        _ blocks: [Source], rowCount: (Source) -> Int, _ compute: @escaping @Sendable (Source) throws -> RowBlock
    ) throws {
        guard !blocks.isEmpty else { return }
        if keepsValues || partitions != nil {
            let computed = try context.parallelMap(blocks, compute)
            if keepsValues { return try hold(computed) }
            return try sort(out: computed)
        }
        try aggregate(blocks, rowCount: rowCount, compute)
        if !isOfOneKey, total.byteCount > share.bytes / 2 { partitions = try makePartitions() }
    }

    private func aggregate<Source: Sendable>(
        _ blocks: [Source], rowCount: (Source) -> Int, _ compute: @escaping @Sendable (Source) throws -> RowBlock
    ) throws {
        guard !blocks.isEmpty else { return }
        // More spans than threads, so that no thread waits long; few, so that there is little to merge.
        let threads = context.pool.threadCount
        let size = max(1, blocks.count / (threads > 1 ? threads * 4 : 1))
        let spans = stride(from: 0, to: blocks.count, by: size).map {
            Array(blocks[$0..<min($0 + size, blocks.count)])
        }
        let keepsRows = areMostlyNew
        let partials = try context.parallelMap(spans) { [node, evaluation, parts = total.partCount] span in
            var partial = AggregatePartial(node, keepsRows: keepsRows)
            for block in span { try partial.add(try compute(block), node, evaluation) }
            return partial.sealed(node, parts: parts)
        }
        if !keepsRows, !node.groups.isEmpty {
            areMostlyNew = partials.reduce(0) { $0 + $1.groupCount } * 2 > blocks.reduce(0) { $0 + rowCount($1) }
        }
        try total.merge(partials)
    }

    private func makePartitions() throws -> RowPartitions {
        try RowPartitions(AggregateInput.columns(of: node), context, profileIndex: profileIndex, level: level)
    }

    private func keys(_ block: RowBlock) throws -> [Column] {
        try node.groups.map { try evaluation.column($0.expr, block) }
    }

    /// Rows of groups in memory go on there, the others to the file.
    private func sort(out blocks: [RowBlock]) throws {
        guard let partitions else { return }
        for block in blocks {
            let keys = try keys(block)
            let isKnown = total.contains(keys, rowCount: block.rowCount)
            let known = block.gather(isKnown.indices.filter { isKnown[$0] })
            let unknown = isKnown.indices.filter { !isKnown[$0] }
            if known.rowCount > 0 {
                var partial = AggregatePartial(node)
                try partial.add(known, node, evaluation)
                try total.merge([partial.sealed(node, parts: total.partCount)])
            }
            if !unknown.isEmpty {
                let hashes = keys.map { $0.gather(unknown) }.hashes(rowCount: unknown.count)
                try partitions.add(block.gather(unknown), hashes: hashes)
            }
        }
    }

    private func hold(_ blocks: [RowBlock]) throws {
        held += blocks
        heldBytes += blocks.reduce(0) { $0 + $1.byteCount }
        // Values take more once they are sorted into groups.
        guard partitions != nil || heldBytes > share.bytes / 4 else { return }
        let partitions = try partitions ?? makePartitions()
        self.partitions = partitions
        for block in held { try partitions.add(block, hashes: try keys(block).hashes(rowCount: block.rowCount)) }
        held = []
        heldBytes = 0
    }

    /// The groups in memory by their first rows, whose numbers they have; nil if there are none.
    func finish() throws -> RowBlock? {
        try aggregate(held, rowCount: \.rowCount) { $0 }
        held = []
        let (keys, aggregates, firstRows) = try total.finish()
        guard !firstRows.isEmpty else { return nil }
        var columns: [ColumnID: Column] = [:]
        for (group, column) in zip(node.groups, keys) { columns[group.column.id] = column }
        for (aggregate, column) in zip(node.aggregates, aggregates) { columns[aggregate.column.id] = column }
        columns[RowOrder.column.id] = Column(
            type: .int, count: firstRows.count, storage: .ints(firstRows.map { Int64($0) }))
        return RowBlock(columns: columns, rowCount: firstRows.count, origins: .numbered(count: firstRows.count))
    }
}
