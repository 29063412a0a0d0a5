import MartletGraph

extension ONNXOp {
    /// What an optional holds.
    static let optionalGetElement = ONNXOp(
        "OptionalGetElement", inputs: 1...1, one: { try $0.emit(OptionalElementOp(), $0.input(0)) })
}
