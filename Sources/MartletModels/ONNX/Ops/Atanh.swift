import MartletGraph

extension ONNXOp {
    /// Inverse hyperbolic tangent.
    static let atanh = ONNXOp.unary("Atanh", .atanh)
}
