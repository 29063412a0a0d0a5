import MartletGraph

extension ONNXOp {
    /// Inverse cosine.
    static let acos = ONNXOp.unary("Acos", .acos)
}
