import MartletGraph

extension ONNXOp {
    /// Hyperbolic sine.
    static let sinh = ONNXOp.unary("Sinh", .sinh)
}
