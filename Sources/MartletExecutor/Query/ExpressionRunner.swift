import MartletData
import MartletPlanner
import MartletSupport

/// Evaluates a stage's expressions on blocks; errors name the stage, the row and where it came from.
struct ExpressionRunner: Sendable {
    private let stage: String
    private let identity: IdentityColumn?
    private let tokenCounter: Evaluator.TokenCounter

    init(_ context: QueryContext, stage: String, columns: [PlanColumn]) {
        self.stage = stage
        identity = IdentityColumn(columns)
        tokenCounter = { [models = context.models, pool = context.pool] model, texts in
            try models.tokenCounts(model, texts, pool: pool)
        }
    }

    func column(_ expr: BoundExpr, _ block: RowBlock) throws -> Column {
        if case .column(let id, _) = expr { return block[id] }
        return try evaluating(expr, block) { evaluator, columns in
            try evaluator.evaluate(expr, columns, rowCount: block.rowCount)
        }
    }

    /// Rows for which `predicate` is true, ascending.
    func trueRows(_ predicate: BoundExpr, _ block: RowBlock) throws -> [Int] {
        try evaluating(predicate, block) { evaluator, columns in
            try evaluator.select(predicate, columns, rowCount: block.rowCount).setIndices
        }
    }

    /// Rows for which all of `parts` are true, ascending: tried in `order`, each on the rows on which none before it is false,
    /// as `and` does.
    func trueRows(
        _ parts: [BoundExpr], in order: [Int], _ block: RowBlock
    ) throws -> (rows: [Int], tries: [ConditionOrder.Try]) {
        var open = Array(0..<block.rowCount)
        var isTrue = [Bool](repeating: true, count: block.rowCount)
        var tries: [ConditionOrder.Try] = []
        for number in order where !open.isEmpty {
            let part = parts[number]
            let column = try evaluating(part, block) { evaluator, columns in
                try evaluator.evaluate(part, columns, rows: open, of: block.rowCount)
            }
            var left: [Int] = []
            var kept = 0
            left.reserveCapacity(open.count)
            if column.type == .bool, column.hasNoNulls {
                column.withBools { bits in
                    for (place, row) in open.enumerated() where bits[place] { left.append(row) }
                }
                kept = left.count
            } else {
                for (place, row) in open.enumerated() {
                    let isNull = column.isNull(place)
                    guard isNull || column.bool(place) else { continue }
                    left.append(row)
                    if isNull { isTrue[row] = false } else { kept += 1 }
                }
            }
            tries.append(ConditionOrder.Try(part: number, rows: open.count, kept: kept))
            open = left
        }
        return (open.filter { isTrue[$0] }, tries)
    }

    private func evaluating<R>(
        _ expr: BoundExpr, _ block: RowBlock, _ body: (Evaluator, [Column]) throws -> R
    ) throws -> R {
        let ids = expr.columns.sorted()
        let plan = ids.map { PlanColumn(id: $0, name: "", type: block[$0].type) }
        do {
            return try body(Evaluator(columns: plan, tokenCounter: tokenCounter), ids.map { block[$0] })
        } catch let error as EvaluationError {
            guard error.row >= 0, error.row < block.rowCount else { throw error }
            throw block.rowError(error.row, stage: stage, cause: error.explanation, identity: identity)
        }
    }
}
