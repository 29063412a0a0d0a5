import MartletData
import MartletPlanner

/// Rows of a relation by key.
struct JoinTable: Sendable {
    let rows: RowBlock
    private var groups = GroupTable()
    /// Rows with key `n` are `order[starts[n]..<starts[n + 1]]`, in their order.
    private var starts: [Int] = [0]
    private var order: [Int] = []

    /// Bytes of a row beside its columns, about: its number, and what finds its key.
    static let extraBytes = 64

    init(rows: RowBlock, keys: [Column] = []) {
        self.rows = rows
        guard !keys.isEmpty else { return }
        let numbers = Self.withoutNulls(groups.assign(keys, rowCount: rows.rowCount), keys)
        starts = Array(repeating: 0, count: groups.count + 1)
        for number in numbers where number >= 0 { starts[number + 1] += 1 }
        for number in 0..<groups.count { starts[number + 1] += starts[number] }
        var next = starts
        order = Array(repeating: 0, count: starts[groups.count])
        for (row, number) in numbers.enumerated() where number >= 0 {
            order[next[number]] = row
            next[number] += 1
        }
    }

    /// -1 for rows of which a key is null: it equals nothing.
    private static func withoutNulls(_ numbers: [Int], _ keys: [Column]) -> [Int] {
        var numbers = numbers
        for key in keys where !key.hasNoNulls {
            for row in numbers.indices where key.isNull(row) { numbers[row] = -1 }
        }
        return numbers
    }

    /// The pairs of rows of `block` and of the relation. With `isLeft` rows without a partner have one of nulls.
    func expand(
        _ block: RowBlock, _ node: JoinNode, isLeft: Bool, _ left: ExpressionRunner, _ pairs: ExpressionRunner
    ) throws -> Expansion {
        let keys = try node.keys.map { try left.column($0.left, block) }
        let numbers = Self.withoutNulls(groups.find(keys, rowCount: block.rowCount), keys)
        var own: [Int] = []
        var partners: [Int] = []
        own.reserveCapacity(block.rowCount)
        partners.reserveCapacity(block.rowCount)
        for (row, number) in numbers.enumerated() {
            guard number >= 0 else { continue }
            for place in starts[number]..<starts[number + 1] {
                own.append(row)
                partners.append(order[place])
            }
        }
        if let condition = node.condition {
            let chosen = try rowsOfPairs(own, partners, block, condition, pairs)
            own = chosen.map { own[$0] }
            partners = chosen.map { partners[$0] }
        }
        if isLeft { (own, partners) = Self.filled(own, partners, count: block.rowCount) }
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
