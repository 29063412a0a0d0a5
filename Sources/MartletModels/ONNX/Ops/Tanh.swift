import MartletGraph

extension ONNXOp {
    /// Hyperbolic tangent.
    static let tanh = ONNXOp.unary("Tanh", .tanh)
}
