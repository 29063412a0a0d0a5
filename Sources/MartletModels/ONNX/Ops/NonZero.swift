import MartletGraph

extension ONNXOp {
    /// Places of elements that are not zero.
    static let nonZero = ONNXOp("NonZero", inputs: 1...1, one: { try $0.emit(NonZeroOp(), $0.input(0)) })
}
