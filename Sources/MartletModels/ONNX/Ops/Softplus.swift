import MartletGraph

extension ONNXOp {
    /// ln(1 + eˣ)
    static let softplus = ONNXOp.unary("Softplus", .softplus)
}
