import MartletGraph

extension ONNXOp {
    /// Mean of each channel.
    static let globalAveragePool = ONNXOp(
        "GlobalAveragePool", inputs: 1...1, one: { try $0.emit(GlobalPoolOp(.average), $0.input(0)) })
}
