import MartletData
import MartletPlanner

/// Takes all rows and gives one for each group, in first-seen order.
final class AggregateOperator: Operator {
    private let node: AggregateNode
    private let context: QueryContext
    private let profileIndex: Int
    private let evaluation: AggregateInput
    private lazy var groups = GroupedRows(evaluation.node, context, profileIndex: profileIndex, level: 0)
    private var rows = 0
    private var merge: RunMerge?
    private var rowsOut = 0

    init(_ node: AggregateNode, _ context: QueryContext, profileIndex: Int) {
        self.node = node
        self.context = context
        self.profileIndex = profileIndex
        evaluation = AggregateInput(node, context)
        if !node.groups.isEmpty { context.addKeeper() }
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        var numbered: [(block: RowBlock, first: Int)] = []
        for block in blocks {
            numbered.append((block, rows))
            rows += block.rowCount
        }
        try groups.add(numbered, evaluation)
        return []
    }

    func finish() throws -> [RowBlock] {
        let inMemory = try groups.finish()
        if let partitions = groups.partitions {
            let runs = SortedRuns([RowOrder.key], node.columns, context, profileIndex: profileIndex)
            try goThrough(partitions, runs)
            merge = try runs.merged()
        }
        groups = GroupedRows(evaluation.node, context, profileIndex: profileIndex, level: 0)
        return inMemory.map(passedOn) ?? []
    }

    /// Groups in a file were seen first after all groups in memory.
    func more(rows: Int) throws -> [RowBlock]? { try merge?.next(rows: rows).map(passedOn) }

    private func passedOn(_ block: RowBlock) -> [RowBlock] {
        var result = block.withoutNumbers
        result.origins = .numbered(count: block.rowCount, from: rowsOut + 1)
        rowsOut += block.rowCount
        return result.cut(into: context.settings.morselRows)
    }

    /// The groups of each part become a run; what is too much for one is parted again.
    private func goThrough(_ partitions: RowPartitions, _ runs: SortedRuns) throws {
        for part in try partitions.finish() where part.rowCount > 0 {
            let groups = GroupedRows(
                evaluation.node, context, profileIndex: profileIndex, level: partitions.level + 1,
                isOfOneKey: part.isOfOneKey)
            var window: [RowBlock] = []
            for extent in part.extents {
                window.append(try partitions.read(extent))
                guard window.count == 8 else { continue }
                try groups.add(window)
                window = []
            }
            try groups.add(window)
            if let run = try groups.finish() { try runs.append(run) }
            try runs.endRun()
            if let deeper = groups.partitions { try goThrough(deeper, runs) }
        }
    }
}

extension AggregateNode {
    var columns: [PlanColumn] { groups.map(\.column) + aggregates.map(\.column) }
}
