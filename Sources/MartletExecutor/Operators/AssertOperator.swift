import MartletPlanner

/// Passes rows on; the first one for which the predicate is not true is an error.
final class AssertOperator: Operator {
    private let node: AssertNode
    private let evaluation: ExpressionRunner
    private let identity: IdentityColumn?

    init(_ node: AssertNode, _ context: QueryContext) {
        self.node = node
        evaluation = ExpressionRunner(context, stage: "assert", columns: node.input.columns)
        identity = IdentityColumn(node.input.columns)
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        for block in blocks {
            let holds = Set(try evaluation.trueRows(node.predicate, block))
            if let row = (0..<block.rowCount).first(where: { !holds.contains($0) }) {
                throw ExecutionError.assertion(
                    message: node.message, ordinal: Int(block.origins[row].ordinal), place: block.inputPlace(row),
                    identity: block.identityText(row, identity))
            }
        }
        return blocks
    }
}
