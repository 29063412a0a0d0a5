import MartletData
import MartletPlanner

/// Rows for which the predicate is true.
final class FilterOperator: Operator {
    private let predicate: BoundExpr
    private let evaluation: ExpressionRunner
    private let context: QueryContext

    init(_ node: FilterNode, _ context: QueryContext) {
        predicate = node.predicate
        evaluation = ExpressionRunner(context, stage: "where", columns: node.input.columns)
        self.context = context
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        try context.parallelMap(blocks) { [predicate, evaluation] block in
            let selection = try evaluation.trueRows(predicate, block)
            return selection.count == block.rowCount ? block : block.gather(selection)
        }.filter { $0.rowCount > 0 }
    }
}
