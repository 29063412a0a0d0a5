import MartletData
import MartletPlanner

/// A hidden column that remembers a row's number in a window while arms and tiers take rows apart.
enum RowSlots {
    /// Ids below zero belong to the executor; projections keep them. Nested routes use a level each.
    static func id(level: Int) -> ColumnID { ColumnID(-1 - level) }

    static func column(_ slots: [Int]) -> Column {
        Column(type: .int, count: slots.count, storage: .ints(slots.map(Int64.init)))
    }
}

extension ColumnID {
    /// Whether this is one of the executor's own columns.
    var isHidden: Bool { number < 0 }
}

extension RowBlock {
    func slots(level: Int) -> [Int] { self[RowSlots.id(level: level)].withInts { $0.map { Int($0) } } }
}

extension Column {
    /// This column as `type`, where that is a silent conversion: int to float, label set to string, null to anything.
    func widened(to target: DataType) -> Column {
        guard type != target else { return self }
        switch (type, target) {
        case (.null, _): return Column.nulls(target, count: count)
        case (.int, .float):
            return Column(
                type: .float, count: count, validity: validityOfRows, storage: .floats(withInts { $0.map(Double.init) })
            )
        default: return Column(type: target, count: count, offset: offset, validity: validity, storage: storage)
        }
    }
}
