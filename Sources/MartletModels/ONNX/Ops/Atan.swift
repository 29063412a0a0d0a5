import MartletGraph

extension ONNXOp {
    /// Inverse tangent.
    static let atan = ONNXOp.unary("Atan", .atan)
}
