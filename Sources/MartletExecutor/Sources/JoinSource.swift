import MartletData
import MartletPlanner

/// Rows beside the rows of a relation with equal keys. The relation is read when the first row comes. It is kept, or, where it takes
/// more than the memory's share, goes to a file together with the rows (`SpilledJoin`).
final class JoinSource: RowSource {
    private let node: JoinNode
    private let input: Pipeline
    private let relation: Pipeline
    private let context: QueryContext
    private let profileIndex: Int
    private let left: ExpressionRunner
    private let pairs: ExpressionRunner
    private var rows: (any RowSource)?

    init(
        _ node: JoinNode, _ input: Pipeline, _ relation: Pipeline, _ context: QueryContext, profileIndex: Int
    ) {
        self.node = node
        self.input = input
        self.relation = relation
        self.context = context
        self.profileIndex = profileIndex
        left = ExpressionRunner(context, stage: "join", columns: node.input.columns)
        pairs = ExpressionRunner(context, stage: "join", columns: node.input.columns + node.relation.columns)
        context.addKeeper()
    }

    func next(rows wanted: Int) throws -> [RowBlock]? {
        if let rows { return try rows.next(rows: wanted) }
        guard let first = try input.next(rows: wanted) else { return nil }
        let rows = try readRelation(InputFrom(first, input))
        self.rows = rows
        return try rows.next(rows: wanted)
    }

    private func readRelation(_ input: InputFrom) throws -> any RowSource {
        let share = MemoryShare(context)
        var blocks: [RowBlock] = []
        var bytes = 0
        while let window = try relation.next(rows: 16_384) {
            blocks += window
            bytes += window.reduce(0) { $0 + $1.byteCount + JoinTable.extraBytes * $1.rowCount }
            // In one piece the rows are there twice for a moment.
            if bytes > share.bytes / 2 {
                return SpilledJoin(
                    node, input, InputFrom(blocks, relation), context, profileIndex: profileIndex)
            }
        }
        let rows = RowBlock.concat(blocks, node.relation.columns)
        let right = ExpressionRunner(context, stage: "join", columns: node.relation.columns)
        // Without rows there may not even be columns.
        let table =
            rows.rowCount == 0
            ? JoinTable(rows: rows)
            : JoinTable(rows: rows, keys: try node.keys.map { try right.column($0.right, rows) })
        let rowsAtOnce = context.settings.morselRows * context.pool.threadCount
        return ExpandingSource(input, context, rowsAtOnce: rowsAtOnce) { [context, node, left, pairs] blocks in
            try context.parallelMap(blocks) { try table.expand($0, node, isLeft: node.isLeft, left, pairs) }
        }
    }

    var fractionRead: Double? { input.fractionRead }

    func abandon() {
        input.abandon()
        relation.abandon()
    }
}

/// Blocks that were read already, then the rest of their source.
final class InputFrom: RowSource {
    private var first: [RowBlock]?
    private let rest: any RowSource

    init(_ first: [RowBlock], _ rest: any RowSource) {
        self.first = first
        self.rest = rest
    }

    func next(rows: Int) throws -> [RowBlock]? {
        if let blocks = first {
            first = nil
            return blocks
        }
        return try rest.next(rows: rows)
    }

    var fractionRead: Double? { rest.fractionRead }
}
