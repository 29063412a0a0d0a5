import MartletData
import MartletPlanner

/// The first row of each set of equal keys.
final class DistinctOperator: Operator {
    private let keys: [ColumnID]
    private var groups = GroupTable()

    init(keys: [ColumnID]) { self.keys = keys }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        blocks.compactMap { block in
            _ = groups.assign(keys.map { block[$0] }, rowCount: block.rowCount)
            let rows = groups.firstRows
            if rows.isEmpty { return nil }
            return rows.count == block.rowCount ? block : block.gather(rows)
        }
    }
}
