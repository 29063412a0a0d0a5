import MartletData
import MartletPlanner

/// Rows beside the rows of a relation with equal keys. The relation is read when the first row comes, and kept.
final class JoinSource {
    private let node: JoinNode
    private let relation: Pipeline
    private let context: QueryContext
    private let left: ExpressionRunner
    private let right: ExpressionRunner
    private let pairs: ExpressionRunner
    private var kept: JoinTable?

    init(_ node: JoinNode, _ relation: Pipeline, _ context: QueryContext) {
        self.node = node
        self.relation = relation
        self.context = context
        left = ExpressionRunner(context, stage: "join", columns: node.input.columns)
        right = ExpressionRunner(context, stage: "join", columns: node.relation.columns)
        pairs = ExpressionRunner(context, stage: "join", columns: node.input.columns + node.relation.columns)
    }

    func source(_ input: Pipeline) -> ExpandingSource {
        let rowsAtOnce = context.settings.morselRows * context.pool.threadCount
        return ExpandingSource(input, beside: relation, context, rowsAtOnce: rowsAtOnce) { blocks in
            let table = try self.kept ?? self.read()
            self.kept = table
            let (node, left, pairs) = (self.node, self.left, self.pairs)
            return try self.context.parallelMap(blocks) { try table.expand($0, node, left, pairs) }
        }
    }

    private func read() throws -> JoinTable {
        // A number for each row, and its key: about what the table takes.
        let rows = try relation.keepAll(node.relation.columns, stage: "join", extra: 64, context)
        // Without rows there may not even be columns.
        guard rows.rowCount > 0 else { return JoinTable(rows: rows) }
        return JoinTable(rows: rows, keys: try node.keys.map { try right.column($0.right, rows) })
    }
}

/// The rows of a relation by key.
private struct JoinTable: Sendable {
    let rows: RowBlock
    private var table = KeyTable()
    /// Rows with key `n` are `order[starts[n]..<starts[n + 1]]`, in their order.
    private var starts: [Int] = [0]
    private var order: [Int] = []

    init(rows: RowBlock, keys: [Column] = []) {
        self.rows = rows
        guard !keys.isEmpty else { return }
        let numbers = table.insert(keys, rowCount: rows.rowCount)
        starts = Array(repeating: 0, count: table.count + 1)
        for number in numbers where number >= 0 { starts[Int(number) + 1] += 1 }
        for number in 0..<table.count { starts[number + 1] += starts[number] }
        var next = starts
        order = Array(repeating: 0, count: starts[table.count])
        for (row, number) in numbers.enumerated() where number >= 0 {
            order[next[Int(number)]] = row
            next[Int(number)] += 1
        }
    }

    func expand(
        _ block: RowBlock, _ node: JoinNode, _ left: ExpressionRunner, _ pairs: ExpressionRunner
    ) throws -> Expansion {
        let numbers = table.numbers(try node.keys.map { try left.column($0.left, block) }, rowCount: block.rowCount)
        var own: [Int] = []
        var partners: [Int] = []
        for (row, number) in numbers.enumerated() {
            guard number >= 0 else { continue }
            for place in starts[Int(number)]..<starts[Int(number) + 1] {
                own.append(row)
                partners.append(order[place])
            }
        }
        if let condition = node.condition {
            let chosen = try rowsOfPairs(own, partners, block, condition, pairs)
            own = chosen.map { own[$0] }
            partners = chosen.map { partners[$0] }
        }
        if node.isLeft { (own, partners) = Self.filled(own, partners, count: block.rowCount) }
        return Expansion(input: block, rows: own) { [rows, columns = node.relation.columns, partners] range in
            guard rows.rowCount > 0 else {
                let nulls = columns.map { ($0.id, Column.nulls($0.type, count: range.count)) }
                return Dictionary(uniqueKeysWithValues: nulls)
            }
            return rows.columns.mapValues { $0.gather(Array(partners[range])) }
        }
    }

    /// Pairs for which the condition is true, looked at some at a time.
    private func rowsOfPairs(
        _ own: [Int], _ partners: [Int], _ block: RowBlock, _ condition: BoundExpr, _ runner: ExpressionRunner
    ) throws -> [Int] {
        let read = condition.columns
        var chosen: [Int] = []
        for start in stride(from: 0, to: own.count, by: 4_096) {
            let range = start..<min(start + 4_096, own.count)
            let here = Array(own[range])
            let there = Array(partners[range])
            var pair = RowBlock(columns: [:], rowCount: here.count, origins: block.origins.gather(here))
            for (id, column) in block.columns where read.contains(id) { pair.columns[id] = column.gather(here) }
            for (id, column) in rows.columns where read.contains(id) { pair.columns[id] = column.gather(there) }
            chosen += try runner.trueRows(condition, pair).map { start + $0 }
        }
        return chosen
    }

    /// With a pair of -1 for each row that has none.
    private static func filled(_ own: [Int], _ partners: [Int], count: Int) -> ([Int], [Int]) {
        var rows: [Int] = []
        var filled: [Int] = []
        rows.reserveCapacity(max(count, own.count))
        filled.reserveCapacity(max(count, own.count))
        var next = 0
        for row in 0..<count {
            if next == own.count || own[next] != row {
                rows.append(row)
                filled.append(-1)
            }
            while next < own.count, own[next] == row {
                rows.append(row)
                filled.append(partners[next])
                next += 1
            }
        }
        return (rows, filled)
    }
}
