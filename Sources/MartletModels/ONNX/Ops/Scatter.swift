import MartletGraph

extension ONNXOp {
    /// The older name of `ScatterElements`.
    static let scatter = ONNXOp("Scatter", inputs: 3...3, one: { try $0.scatterElements() })
}
