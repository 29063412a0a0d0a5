import MartletData
import MartletPlanner

/// Takes all rows and gives one for each group, in first-seen order.
///
/// Blocks of a window are aggregated in parallel into states of their own, which are merged in row order.
final class AggregateOperator: Operator {
    private let node: AggregateNode
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private var total: AggregatePartial

    init(_ node: AggregateNode, _ context: QueryContext) {
        self.node = node
        self.context = context
        evaluation = ExpressionRunner(context, stage: "aggregate", columns: node.input.columns)
        total = AggregatePartial(node)
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        // Each window is a few partials, so that merging stays cheap.
        let parts = max(1, min(context.pool.threadCount, blocks.count))
        let size = (blocks.count + parts - 1) / parts
        let spans = stride(from: 0, to: blocks.count, by: max(1, size)).map {
            Array(blocks[$0..<min($0 + size, blocks.count)])
        }
        let partials = try context.parallelMap(spans) { [node, evaluation] span in
            var partial = AggregatePartial(node)
            for block in span { try partial.add(block, node, evaluation) }
            return partial
        }
        for partial in partials { try total.merge(partial, node) }
        return []
    }

    func finish() throws -> [RowBlock] {
        let count = total.groupCount(node)
        guard count > 0 else { return [] }
        var columns: [ColumnID: Column] = [:]
        for (position, group) in node.groups.enumerated() {
            columns[group.column.id] = Column.concat(total.keys.map { $0[position] }, type: group.column.type)
        }
        for (index, aggregate) in node.aggregates.enumerated() {
            columns[aggregate.column.id] = try total.states[index].finish(groupCount: count)
        }
        let all = RowBlock(columns: columns, rowCount: count, origins: .numbered(count: count))
        return all.cut(into: context.settings.morselRows)
    }
}
