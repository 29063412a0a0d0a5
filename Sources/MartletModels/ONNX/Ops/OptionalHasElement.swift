import MartletGraph

extension ONNXOp {
    /// Whether an optional holds something.
    static let optionalHasElement = ONNXOp(
        "OptionalHasElement", inputs: 0...1, one: { try $0.emit(OptionalHasElementOp(), $0.optional(0)) })
}
