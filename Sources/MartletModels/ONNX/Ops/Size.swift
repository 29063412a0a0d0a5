import MartletGraph

extension ONNXOp {
    /// How many elements x has.
    static let size = ONNXOp("Size", inputs: 1...1, one: { try $0.emit(SizeOp(), $0.input(0)) })
}
