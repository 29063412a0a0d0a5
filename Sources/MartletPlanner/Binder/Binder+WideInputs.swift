import MartletData

/// Models of one vector in a row, as most classical ones are: `*` gives them the columns of numbers.
extension Binder {
    /// The columns of numbers in their order, as the only input of a model; nil if it does not take just so many.
    func columns(for input: ModelInput, _ context: ExprContext) -> BoundExpr? {
        let columns = numericColumns(context)
        guard let width = width(of: input), columns.count == width else { return nil }
        let isInts = columns.allSatisfy { $0.type == .int }
        let type: DataType = isInts ? .int : .float
        return .list(columns.map { convert(.column($0.id, $0.type), to: type) }, .list(type))
    }

    func numericColumns(_ context: ExprContext) -> [PlanColumn] {
        context.scope.visible.map(\.column).filter { $0.type.isNumeric }
    }

    /// How many numbers an input takes in each row, if it takes a vector of known length.
    func width(of input: ModelInput) -> Int? {
        guard case .tensor(_, let dims) = input.type, dims.count == 1 else { return nil }
        return dims[0].size
    }
}
