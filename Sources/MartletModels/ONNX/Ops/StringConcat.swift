import MartletGraph

extension ONNXOp {
    /// x followed by y.
    static let stringConcat = ONNXOp(
        "StringConcat", inputs: 2...2, one: { try $0.emit(StringConcatOp(), $0.input(0), $0.input(1)) })
}
