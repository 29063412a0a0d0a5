import MartletData
import MartletPlanner

/// Groups of some rows and what the aggregates have seen of each.
struct AggregatePartial: Sendable {
    private var groups = GroupTable()
    /// Each row is a group of its own: what few rows share is left to the merge.
    private let keepsRows: Bool
    private var states: [any AggregateState]
    private var rows = 0
    /// Of all rows.
    private var argumentBytes = 0
    /// Keys of each group, one block for each time groups were added.
    private var keys: [[Column]] = []
    /// Number of the first row of each group, counted over all rows.
    private(set) var firstRows: [Int] = []
    /// What the keys take in memory, and what the aggregates may, about.
    private(set) var byteCount = 0

    init(_ node: AggregateNode, keepsRows: Bool = false) {
        self.keepsRows = keepsRows
        states = node.aggregates.map { aggregate in
            let call = aggregate.call
            let arguments = FunctionArguments(
                types: call.arguments.map(\.type), constants: call.arguments.map(\.constantValue))
            return call.aggregate.makeState(arguments, call.type)
        }
    }

    /// Without group expressions there is one group even if there are no rows.
    func groupCount(_ node: AggregateNode) -> Int { node.groups.isEmpty ? 1 : firstRows.count }

    /// Adds rows with numbers.
    mutating func add(_ block: RowBlock, _ node: AggregateNode, _ evaluation: ExpressionRunner) throws {
        let columns = try node.groups.map { try evaluation.column($0.expr, block) }
        let numbers = block[RowOrder.column.id]
        let rowGroups: [Int]
        if keepsRows {
            rowGroups = Array(firstRows.count..<firstRows.count + block.rowCount)
            keys.append(columns)
            numbers.withInts { for number in $0 { firstRows.append(Int(number)) } }
        } else {
            rowGroups = groups.assign(columns, rowCount: block.rowCount)
            if !groups.firstRows.isEmpty { keys.append(columns.map { $0.gather(groups.firstRows) }) }
            numbers.withInts { numbers in for row in groups.firstRows { firstRows.append(Int(numbers[row])) } }
        }
        rows += block.rowCount
        let count = groupCount(node)
        for (index, aggregate) in node.aggregates.enumerated() {
            let columns = try aggregate.call.arguments.map { try evaluation.column($0, block) }
            argumentBytes += columns.reduce(0) { $0 + $1.byteCount }
            try states[index].update(columns, groups: rowGroups, groupCount: count)
        }
    }

    /// The groups with their keys in one piece, and which of `parts` parts each belongs to.
    func sealed(_ node: AggregateNode, parts: Int) -> Sealed {
        let columns = keyColumns(node)
        guard parts > 1, !columns.isEmpty else { return Sealed(partial: self, keys: columns, parts: nil) }
        var hashes = [UInt64](repeating: 0, count: firstRows.count)
        for column in columns { column.mixHashes(into: &hashes) }
        return Sealed(partial: self, keys: columns, parts: hashes.map { Int(($0 >> 32) % UInt64(parts)) })
    }

    struct Sealed: Sendable {
        let partial: AggregatePartial
        fileprivate let keys: [Column]
        /// nil: all groups belong to all parts.
        fileprivate let parts: [Int]?

        var groupCount: Int { partial.firstRows.count }
    }

    func keyColumns(_ node: AggregateNode) -> [Column] {
        node.groups.indices.map { position in
            Column.concat(keys.map { $0[position] }, type: node.groups[position].column.type)
        }
    }

    /// Adds what `later` has seen of the groups of `part`, all of it after this one's rows.
    mutating func merge(_ later: Sealed, part: Int, _ node: AggregateNode) throws {
        guard later.groupCount > 0 else { return }
        var columns = later.keys
        var selected = Array(0..<later.groupCount)
        if let parts = later.parts {
            selected = selected.filter { parts[$0] == part }
            columns = columns.map { $0.gather(selected) }
        }
        let numbers = groups.assign(columns, rowCount: selected.count)
        if !groups.firstRows.isEmpty { keys.append(columns.map { $0.gather(groups.firstRows) }) }
        for row in groups.firstRows { firstRows.append(later.partial.firstRows[selected[row]]) }
        let new = groups.firstRows.count
        if new > 0 {
            // A state holds some numbers, or a value of its arguments.
            let argument = later.partial.argumentBytes / max(1, later.partial.rows)
            let key = later.keys.reduce(0) { $0 + $1.byteCount } / later.groupCount
            byteCount += new * (key + argument + 8 + 32 * states.count)
        }
        var mapping = [Int](repeating: -1, count: later.groupCount)
        for (index, number) in zip(selected, numbers) { mapping[index] = number }
        for index in states.indices {
            try states[index].merge(later.partial.states[index], mapping: mapping, groupCount: groupCount(node))
        }
    }

    /// Whether a group has each row's key.
    func contains(_ keys: [Column], rowCount: Int) -> [Bool] {
        groups.find(keys, rowCount: rowCount).map { $0 >= 0 }
    }

    var tableBytes: Int { groups.byteCount }

    /// One column for each aggregate, a row for each group.
    func finish(_ node: AggregateNode) throws -> [Column] {
        let count = groupCount(node)
        return try states.map { try $0.finish(groupCount: count) }
    }
}
