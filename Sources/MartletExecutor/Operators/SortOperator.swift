import MartletData
import MartletPlanner

/// Takes all rows, then gives them in the order of the keys; equal rows keep their order. Of a limit above it no more rows are
/// kept than that passes on.
final class SortOperator: Operator {
    private let keys: [SortKey]
    private let columns: [PlanColumn]
    private let context: QueryContext
    /// The first rows that are wanted; nil: all.
    private let wanted: Int?
    private var blocks: [RowBlock] = []
    private var rows = 0
    /// The code of the last row that is wanted, of those seen so far.
    private var worst: UInt64?

    /// Rows held beyond those wanted before they are sorted out.
    private static let slack = 1 << 15

    init(_ node: SortNode, _ context: QueryContext, wanted: Int? = nil) {
        keys = node.keys
        columns = node.input.columns
        self.context = context
        self.wanted = wanted
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        guard let wanted, let key = keys.first else {
            self.blocks += blocks
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
        return []
    }

    func finish() throws -> [RowBlock] {
        guard !blocks.isEmpty else { return [] }
        let all = sorted(wanted ?? .max)
        blocks = []
        return all.cut(into: context.settings.morselRows)
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
                let comparison = Self.compare(column, a.row, b.row, key)
                if comparison != 0 { return comparison < 0 }
            }
            return a.row < b.row
        }
        return all.gather(order.prefix(count).map(\.row))
    }

    /// Negative if row `a` comes first.
    private static func compare(_ column: Column, _ a: Int, _ b: Int, _ key: SortKey) -> Int {
        switch (column.isNull(a), column.isNull(b)) {
        case (true, true): return 0
        case (true, false): return key.nullsFirst ? -1 : 1
        case (false, true): return key.nullsFirst ? 1 : -1
        case (false, false):
            let comparison = column.rowOrder(a, column, b)
            return key.descending ? -comparison : comparison
        }
    }
}

extension RowBlock {
    /// The rows in blocks of at most `size` rows.
    func cut(into size: Int) -> [RowBlock] {
        stride(from: 0, to: rowCount, by: max(1, size)).map { slice($0..<min($0 + max(1, size), rowCount)) }
    }
}
