import MartletGraph

extension ONNXOp {
    /// Whether x is no number.
    static let isNaN = ONNXOp("IsNaN", inputs: 1...1, one: { try $0.emit(IsNaNOp(), $0.widened($0.input(0))) })
}
