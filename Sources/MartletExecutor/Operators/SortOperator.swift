import MartletData
import MartletPlanner

/// Takes all rows, then gives them in the order of the keys; equal rows keep their order.
final class SortOperator: Operator {
    private let keys: [SortKey]
    private let columns: [PlanColumn]
    private let context: QueryContext
    private var blocks: [RowBlock] = []

    init(_ node: SortNode, _ context: QueryContext) {
        keys = node.keys
        columns = node.input.columns
        self.context = context
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        self.blocks += blocks
        return []
    }

    func finish() throws -> [RowBlock] {
        guard !blocks.isEmpty else { return [] }
        let all = RowBlock.concat(blocks, columns)
        blocks = []
        let sortKeys = keys.map { key in
            (column: all[key.column.id], descending: key.descending, nullsFirst: key.nullsFirst)
        }
        let order = (0..<all.rowCount).sorted { a, b in
            for key in sortKeys {
                let comparison = Self.compare(key.column, a, b, key.nullsFirst, key.descending)
                if comparison != 0 { return comparison < 0 }
            }
            return a < b
        }
        return all.gather(order).cut(into: context.settings.morselRows)
    }

    /// Negative if row `a` comes first.
    private static func compare(_ column: Column, _ a: Int, _ b: Int, _ nullsFirst: Bool, _ descending: Bool) -> Int {
        switch (column.isNull(a), column.isNull(b)) {
        case (true, true): return 0
        case (true, false): return nullsFirst ? -1 : 1
        case (false, true): return nullsFirst ? 1 : -1
        case (false, false):
            let comparison = column.rowOrder(a, column, b)
            return descending ? -comparison : comparison
        }
    }
}

extension RowBlock {
    /// The rows in blocks of at most `size` rows.
    func cut(into size: Int) -> [RowBlock] {
        stride(from: 0, to: rowCount, by: max(1, size)).map { slice($0..<min($0 + max(1, size), rowCount)) }
    }
}
