import MartletData
import MartletPlanner

/// A hidden column with the number of each row, by which rows that went different ways come back into order.
enum RowOrder {
    /// Below the ids of `RowSlots`.
    static let column = PlanColumn(id: ColumnID(-1_000_000), name: "row", type: .int)
    static let key = SortKey(column: column, descending: false, nullsFirst: false)
}

extension RowBlock {
    /// With numbers from `first` on.
    func numbered(from first: Int) -> RowBlock {
        var result = self
        result.columns[RowOrder.column.id] = Column(
            type: .int, count: rowCount, storage: .ints((0..<rowCount).map { Int64(first + $0) }))
        return result
    }

    var withoutNumbers: RowBlock {
        var result = self
        result.columns[RowOrder.column.id] = nil
        return result
    }
}

extension [Column] {
    /// For each row a hash that equal keys share.
    func hashes(rowCount: Int) -> [UInt64] {
        var hashes = [UInt64](repeating: 0, count: rowCount)
        for column in self { column.mixHashes(into: &hashes) }
        return hashes
    }
}
