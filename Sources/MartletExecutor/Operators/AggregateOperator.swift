import MartletData
import MartletPlanner

/// Takes all rows and gives one for each group, in first-seen order.
///
/// Spans of a window are aggregated in parallel into groups of their own, which are merged in row order.
final class AggregateOperator: Operator {
    private let node: AggregateNode
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private let total: AggregateTotal
    private var rows = 0
    /// Whether most rows of the last window opened a group in their span.
    private var areMostlyNew = false

    init(_ node: AggregateNode, _ context: QueryContext) {
        self.node = node
        self.context = context
        evaluation = ExpressionRunner(context, stage: "aggregate", columns: node.input.columns)
        total = AggregateTotal(node, context)
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        // More spans than threads, so that no thread waits long; few, so that there is little to merge.
        let threads = context.pool.threadCount
        let size = max(1, blocks.count / (threads > 1 ? threads * 4 : 1))
        var spans: [(blocks: [RowBlock], firstRow: Int, rowCount: Int)] = []
        for start in stride(from: 0, to: blocks.count, by: size) {
            let span = Array(blocks[start..<min(start + size, blocks.count)])
            let count = span.reduce(0) { $0 + $1.rowCount }
            spans.append((span, rows, count))
            rows += count
        }
        let keepsRows = areMostlyNew
        let partials = try context.parallelMap(spans) { [node, evaluation, parts = total.partCount] span in
            var partial = AggregatePartial(node, firstRow: span.firstRow, keepsRows: keepsRows)
            for block in span.blocks { try partial.add(block, node, evaluation) }
            return partial.sealed(node, parts: parts)
        }
        if !keepsRows, !node.groups.isEmpty {
            areMostlyNew = partials.reduce(0) { $0 + $1.groupCount } * 2 > spans.reduce(0) { $0 + $1.rowCount }
        }
        try total.merge(partials)
        return []
    }

    func finish() throws -> [RowBlock] {
        let (keys, aggregates, count) = try total.finish()
        guard count > 0 else { return [] }
        var columns: [ColumnID: Column] = [:]
        for (group, column) in zip(node.groups, keys) { columns[group.column.id] = column }
        for (aggregate, column) in zip(node.aggregates, aggregates) { columns[aggregate.column.id] = column }
        let all = RowBlock(columns: columns, rowCount: count, origins: .numbered(count: count))
        return all.cut(into: context.settings.morselRows)
    }
}
