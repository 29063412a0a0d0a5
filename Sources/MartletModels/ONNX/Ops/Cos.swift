import MartletGraph

extension ONNXOp {
    /// Cosine.
    static let cos = ONNXOp.unary("Cos", .cos)
}
