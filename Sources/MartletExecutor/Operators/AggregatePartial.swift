import MartletData
import MartletPlanner

/// Groups and states of some consecutive rows.
struct AggregatePartial: Sendable {
    private(set) var groups = GroupTable()
    var states: [any AggregateState]
    /// Keys of each group, one block for each time groups were added.
    private(set) var keys: [[Column]] = []

    init(_ node: AggregateNode) {
        states = node.aggregates.map { aggregate in
            let call = aggregate.call
            let arguments = FunctionArguments(
                types: call.arguments.map(\.type), constants: call.arguments.map(\.constantValue))
            return call.aggregate.makeState(arguments, call.type)
        }
    }

    /// Without group expressions there is one group even if there are no rows.
    func groupCount(_ node: AggregateNode) -> Int { node.groups.isEmpty ? 1 : groups.count }

    mutating func add(_ block: RowBlock, _ node: AggregateNode, _ evaluation: ExpressionRunner) throws {
        let rowGroups = assign(try node.groups.map { try evaluation.column($0.expr, block) }, block.rowCount)
        let count = groupCount(node)
        for (index, aggregate) in node.aggregates.enumerated() {
            let columns = try aggregate.call.arguments.map { try evaluation.column($0, block) }
            try states[index].update(columns, groups: rowGroups, groupCount: count)
        }
    }

    /// Adds what `later` has seen, all of it after this one's rows.
    mutating func merge(_ later: AggregatePartial, _ node: AggregateNode) throws {
        guard later.groups.count > 0 else { return }
        let laterKeys = node.groups.indices.map { position in
            Column.concat(later.keys.map { $0[position] }, type: node.groups[position].column.type)
        }
        let mapping = assign(laterKeys, later.groups.count)
        for index in states.indices {
            try states[index].merge(later.states[index], mapping: mapping, groupCount: groupCount(node))
        }
    }

    /// The group of each row; keys of new groups are kept.
    private mutating func assign(_ columns: [Column], _ rowCount: Int) -> [Int] {
        let result = groups.assign(columns, rowCount: rowCount)
        if !groups.firstRows.isEmpty { keys.append(columns.map { $0.gather(groups.firstRows) }) }
        return result
    }
}
