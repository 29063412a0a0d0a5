import MartletGraph

extension ONNXOp {
    /// Inverse hyperbolic cosine.
    static let acosh = ONNXOp.unary("Acosh", .acosh)
}
