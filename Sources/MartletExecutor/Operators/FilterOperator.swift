import MartletData
import MartletPlanner
import Synchronization

/// Rows for which the predicate is true.
///
/// Of conditions joined by `and`, those that cannot fail are tried in the order of their cost for each row taken away, as
/// far as earlier windows tell; one that may fail keeps its place, so that it sees the rows it would see as written.
final class FilterOperator: Operator {
    private let parts: [BoundExpr]
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private var order: ConditionOrder
    private let isOrdered: Bool

    init(_ node: FilterNode, _ context: QueryContext) {
        parts = node.predicate.conjuncts
        evaluation = ExpressionRunner(context, stage: "where", columns: node.input.columns)
        self.context = context
        order = ConditionOrder(parts)
        isOrdered = context.settings.allows(.orderPredicates)
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        let current = isOrdered ? order.best : Array(parts.indices)
        if current != Array(parts.indices) { context.profile.note(.orderPredicates) }
        let seen = Mutex(order)
        let result = try context.parallelMap(blocks) { [parts, evaluation, context] block in
            let found = try evaluation.trueRows(parts, in: current, block)
            seen.withLock { $0.note(found.tries) }
            context.profile.noteConditions(found.tries.reduce(0) { $0 + $1.rows })
            return found.rows.count == block.rowCount ? block : block.gather(found.rows)
        }
        order = seen.withLock { $0 }
        return result.filter { $0.rowCount > 0 }
    }
}

/// In which order the parts of a conjunction are best tried.
struct ConditionOrder: Sendable {
    /// A part was evaluated on `rows` rows and was false or null on all but `kept`.
    struct Try: Sendable {
        var part: Int
        var rows: Int
        var kept: Int
    }

    private var costs: [Double]
    private let canFail: [Bool]
    private var rows: [Int]
    private var kept: [Int]

    init(_ parts: [BoundExpr]) {
        costs = parts.map { max(1, $0.cost) }
        canFail = parts.map(\.canFail)
        rows = parts.map { _ in 0 }
        kept = parts.map { _ in 0 }
    }

    mutating func note(_ tries: [Try]) {
        for item in tries {
            rows[item.part] += item.rows
            kept[item.part] += item.kept
        }
    }

    /// By rising cost for each row taken away, between parts that may fail and stay where they are.
    var best: [Int] {
        var result: [Int] = []
        var free: [Int] = []
        func rank(_ part: Int) -> Double { costs[part] / (1 - Double(kept[part] + 1) / Double(rows[part] + 2)) }
        func settle() {
            result += free.sorted { (rank($0), $0) < (rank($1), $1) }
            free = []
        }
        for part in costs.indices {
            if canFail[part] {
                settle()
                result.append(part)
            } else {
                free.append(part)
            }
        }
        settle()
        return result
    }
}
