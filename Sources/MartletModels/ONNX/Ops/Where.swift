import MartletGraph

extension ONNXOp {
    /// x where the condition holds, else y.
    static let `where` = ONNXOp(
        "Where", inputs: 3...3, one: { try $0.emit(WhereOp(), $0.input(0), $0.input(1), $0.input(2)) })
}
