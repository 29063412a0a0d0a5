import MartletGraph

extension ONNXOp {
    /// Largest element of each channel.
    static let globalMaxPool = ONNXOp(
        "GlobalMaxPool", inputs: 1...1, one: { try $0.emit(GlobalPoolOp(.max), $0.input(0)) })
}
