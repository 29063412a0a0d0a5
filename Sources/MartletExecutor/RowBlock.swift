import MartletData
import MartletPlanner

/// Some rows between two operators: columns by id, and where each row came from.
package struct RowBlock: Sendable {
    package var columns: [ColumnID: Column]
    package var rowCount: Int
    package var origins: RowOrigins

    package init(columns: [ColumnID: Column], rowCount: Int, origins: RowOrigins) {
        self.columns = columns
        self.rowCount = rowCount
        self.origins = origins
    }

    subscript(id: ColumnID) -> Column {
        guard let column = columns[id] else { preconditionFailure("bug: column \(id.number) is not in the block") }
        return column
    }

    func slice(_ range: Range<Int>) -> RowBlock {
        guard range != 0..<rowCount else { return self }
        return RowBlock(
            columns: columns.mapValues { $0.slice(range) }, rowCount: range.count, origins: origins.slice(range))
    }

    func gather(_ rows: [Int]) -> RowBlock {
        RowBlock(columns: columns.mapValues { $0.gather(rows) }, rowCount: rows.count, origins: origins.gather(rows))
    }

    /// The columns of `plan`, in its order, as a morsel. Names must be distinct.
    func morsel(_ plan: [PlanColumn], schema: Schema) -> Morsel {
        Morsel(schema: schema, columns: plan.map { self[$0.id] }, rowCount: rowCount, origins: origins)
    }

    /// All rows of `blocks`, which have the same columns: those of `plan` that they have (a region leaves out what nobody
    /// reads), and the executor's hidden ones (`RowSlots`).
    static func concat(_ blocks: [RowBlock], _ plan: [PlanColumn]) -> RowBlock {
        if blocks.count == 1 { return blocks[0] }
        var columns: [ColumnID: Column] = [:]
        for id in blocks.first?.columns.keys.filter(\.isHidden) ?? [] {
            columns[id] = Column.concat(blocks.map { $0[id] }, type: .int)
        }
        for column in plan where blocks.first?.columns.keys.contains(column.id) ?? true {
            columns[column.id] = Column.concat(blocks.map { $0[column.id] }, type: column.type)
        }
        return RowBlock(
            columns: columns, rowCount: blocks.reduce(0) { $0 + $1.rowCount },
            origins: .concat(blocks.map(\.origins)))
    }
}
