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
