import MartletGraph

extension ONNXOp {
    /// Sine.
    static let sin = ONNXOp.unary("Sin", .sin)
}
