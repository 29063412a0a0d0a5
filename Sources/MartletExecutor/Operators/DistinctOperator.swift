import MartletData
import MartletPlanner

/// The first row of each set of equal keys.
///
/// Where the keys take more than the memory's share, rows with keys that are not known yet go to a file, parted by hash; in the
/// end each part is gone through by itself, and the first rows of all parts are merged.
final class DistinctOperator: Operator {
    private let keys: [ColumnID]
    private let columns: [PlanColumn]
    private let context: QueryContext
    private let profileIndex: Int
    private lazy var share = MemoryShare(context)
    private var groups = GroupTable()
    private var rows = 0
    private var partitions: RowPartitions?
    private var merge: RunMerge?

    init(_ node: DistinctNode, _ context: QueryContext, profileIndex: Int) {
        columns = node.input.columns
        keys = node.keys.isEmpty ? columns.map(\.id) : node.keys
        self.context = context
        self.profileIndex = profileIndex
        context.addKeeper()
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        var result: [RowBlock] = []
        for block in blocks {
            if let partitions {
                try part(block.numbered(from: rows), groups, into: partitions)
            } else if let first = first(of: block, &groups) {
                result.append(first)
            }
            rows += block.rowCount
            if partitions == nil, groups.byteCount > share.bytes / 2 {
                partitions = try RowPartitions(columns, context, profileIndex: profileIndex, level: 0)
            }
        }
        return result
    }

    func finish() throws -> [RowBlock] {
        groups = GroupTable()
        guard let partitions else { return [] }
        let runs = SortedRuns([RowOrder.key], columns, context, profileIndex: profileIndex)
        try goThrough(partitions, runs)
        self.partitions = nil
        merge = try runs.merged()
        return []
    }

    func more(rows: Int) throws -> [RowBlock]? {
        try merge?.next(rows: rows)?.withoutNumbers.cut(into: context.settings.morselRows)
    }

    private func keys(_ block: RowBlock) -> [Column] { keys.map { block[$0] } }

    /// The rows whose keys are new; nil if there are none.
    private func first(of block: RowBlock, _ groups: inout GroupTable) -> RowBlock? {
        _ = groups.assign(keys(block), rowCount: block.rowCount)
        let rows = groups.firstRows
        if rows.isEmpty { return nil }
        return rows.count == block.rowCount ? block : block.gather(rows)
    }

    /// Puts the rows whose keys are not in `groups` where they belong.
    private func part(_ block: RowBlock, _ groups: GroupTable, into partitions: RowPartitions) throws {
        let numbers = groups.find(keys(block), rowCount: block.rowCount)
        let unknown = block.gather(numbers.indices.filter { numbers[$0] < 0 })
        if unknown.rowCount > 0 {
            try partitions.add(unknown, hashes: keys(unknown).hashes(rowCount: unknown.rowCount))
        }
    }

    /// Each part becomes a run of its first rows; what is too much for one is parted again.
    private func goThrough(_ partitions: RowPartitions, _ runs: SortedRuns) throws {
        for part in try partitions.finish() {
            var groups = GroupTable()
            var deeper: RowPartitions?
            for extent in part.extents {
                let block = try partitions.read(extent)
                if let deeper {
                    try self.part(block, groups, into: deeper)
                } else if let first = first(of: block, &groups) {
                    try runs.append(first)
                }
                if deeper == nil, groups.byteCount > share.bytes / 2, partitions.level < RowPartitions.deepest {
                    deeper = try RowPartitions(
                        columns, context, profileIndex: profileIndex, level: partitions.level + 1)
                }
            }
            try runs.endRun()
            groups = GroupTable()
            if let deeper { try goThrough(deeper, runs) }
        }
    }
}
