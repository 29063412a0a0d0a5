import MartletData
import MartletPlanner

/// Takes all rows, then gives them in the order of the keys; equal rows keep their order. Of a limit above it no more rows are
/// kept than that passes on. Rows beyond the memory's share go to a file as sorted runs, which are merged in the end.
final class SortOperator: Operator {
    private let keys: [SortKey]
    private let columns: [PlanColumn]
    private let context: QueryContext
    /// The first rows that are wanted; nil: all.
    private let wanted: Int?
    private var blocks: [RowBlock] = []
    private var rows = 0
    private var bytes = 0
    private lazy var share = MemoryShare(context)
    private lazy var runs = SortedRuns(keys, columns, context, profileIndex: profileIndex)
    private let profileIndex: Int
    private var merge: RunMerge?
    /// Rows that may still be passed on.
    private var left: Int
    /// The code of the last row that is wanted, of those seen so far.
    private var worst: UInt64?

    /// Rows held beyond those wanted before they are sorted out.
    private static let slack = 1 << 15

    /// Sorting takes the rows, the same in one piece, and in order.
    private static let copies = 3

    init(_ node: SortNode, _ context: QueryContext, wanted: Int? = nil, profileIndex: Int) {
        keys = node.keys
        columns = node.input.columns
        self.context = context
        self.wanted = wanted
        left = wanted ?? .max
        self.profileIndex = profileIndex
        context.addKeeper()
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        guard let wanted, let key = keys.first else {
            self.blocks += blocks
            bytes += blocks.reduce(0) { $0 + $1.byteCount }
            if bytes > share.bytes / Self.copies { try endRun() }
            return []
        }
        let kept = try context.parallelMap(blocks) { [worst] block in
            guard let worst else { return block }
            let codes = SortCodes(block[key.column.id], key).codes
            let rows = codes.indices.filter { codes[$0] <= worst }
            return rows.count == block.rowCount ? block : block.gather(rows)
        }
        self.blocks += kept.filter { $0.rowCount > 0 }
        rows += kept.reduce(0) { $0 + $1.rowCount }
        if rows / 2 > wanted, rows - wanted > Self.slack {
            let first = sorted(wanted)
            self.blocks = [first]
            rows = first.rowCount
            worst = SortCodes(first[key.column.id], key).codes.last
        }
        bytes = self.blocks.reduce(0) { $0 + $1.byteCount }
        if bytes > share.bytes / Self.copies { try endRun() }
        return []
    }

    /// Sorts what is held and puts it into the file.
    private func endRun() throws {
        guard !blocks.isEmpty else { return }
        try runs.append(sorted(wanted ?? .max))
        try runs.endRun()
        blocks = []
        rows = 0
        bytes = 0
    }

    func finish() throws -> [RowBlock] {
        if !runs.isEmpty {
            try endRun()
            merge = try runs.merged()
            return []
        }
        guard !blocks.isEmpty else { return [] }
        let all = sorted(wanted ?? .max)
        blocks = []
        return all.cut(into: context.settings.morselRows)
    }

    func more(rows: Int) throws -> [RowBlock]? {
        guard let merge, left > 0, let next = try merge.next(rows: min(rows, left)) else { return nil }
        left -= next.rowCount
        return next.cut(into: context.settings.morselRows)
    }

    /// The first `count` rows of those held.
    private func sorted(_ count: Int) -> RowBlock {
        let all = RowBlock.concat(blocks, columns)
        let sortKeys = keys.map { (column: all[$0.column.id], key: $0) }
        guard let first = sortKeys.first else { return all }
        let codes = SortCodes(first.column, first.key).codes
        var order = codes.enumerated().map { (code: $1, row: $0) }
        order.sort { a, b in
            if a.code != b.code { return a.code < b.code }
            for (column, key) in sortKeys {
                let comparison = key.compare(column, a.row, column, b.row)
                if comparison != 0 { return comparison < 0 }
            }
            return a.row < b.row
        }
        return all.gather(order.prefix(count).map(\.row))
    }
}

extension RowBlock {
    /// The rows in blocks of at most `size` rows.
    func cut(into size: Int) -> [RowBlock] {
        stride(from: 0, to: rowCount, by: max(1, size)).map { slice($0..<min($0 + max(1, size), rowCount)) }
    }
}
