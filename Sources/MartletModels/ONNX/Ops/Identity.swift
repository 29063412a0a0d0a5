import MartletGraph

extension ONNXOp {
    /// x itself.
    static let identity = ONNXOp("Identity", inputs: 1...1, one: { try $0.input(0) })
}
