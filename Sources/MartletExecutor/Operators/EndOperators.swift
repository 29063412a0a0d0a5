import MartletPlanner

/// Takes all rows and passes none on.
final class DropOperator: Operator {
    func push(_ blocks: [RowBlock]) throws -> [RowBlock] { [] }
}

/// An error for the first row that comes.
final class FailOperator: Operator {
    private let message: String
    private let identity: IdentityColumn?

    init(_ node: FailNode) {
        message = node.message
        identity = IdentityColumn(node.input.columns)
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        guard let block = blocks.first(where: { $0.rowCount > 0 }) else { return [] }
        throw ExecutionError.failStage(
            message: message, ordinal: Int(block.origins[0].ordinal), place: block.inputPlace(0),
            identity: block.identityText(0, identity))
    }
}
