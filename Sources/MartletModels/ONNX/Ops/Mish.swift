import MartletGraph

extension ONNXOp {
    /// x · tanh(ln(1 + eˣ))
    static let mish = ONNXOp.unary("Mish", .mish)
}
