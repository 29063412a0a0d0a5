import MartletData
import MartletPlanner

/// Computes columns. With `keeping` only those columns are passed on (a projection), otherwise all.
final class ExtendOperator: Operator {
    private let computed: [ComputedColumn]
    private let keeping: Set<ColumnID>?
    private let evaluation: ExpressionRunner
    private let context: QueryContext

    init(_ node: ExtendNode, _ context: QueryContext) {
        computed = node.computed
        keeping = nil
        evaluation = ExpressionRunner(context, stage: "extend", columns: node.input.columns)
        self.context = context
    }

    init(_ node: ProjectNode, _ context: QueryContext) {
        computed = node.outputs.filter { !$0.isPassedOn }
        keeping = Set(node.outputs.map(\.column.id))
        evaluation = ExpressionRunner(context, stage: "select", columns: node.input.columns)
        self.context = context
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        try context.parallelMap(blocks) { [computed, keeping, evaluation] block in
            var result = block
            for item in computed { result.columns[item.column.id] = try evaluation.column(item.expr, block) }
            if let keeping { result.columns = result.columns.filter { keeping.contains($0.key) || $0.key.isHidden } }
            return result
        }
    }
}
