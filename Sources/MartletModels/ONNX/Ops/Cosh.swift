import MartletGraph

extension ONNXOp {
    /// Hyperbolic cosine.
    static let cosh = ONNXOp.unary("Cosh", .cosh)
}
