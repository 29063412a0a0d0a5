import MartletGraph

extension ONNXOp {
    /// Tangent.
    static let tan = ONNXOp.unary("Tan", .tan)
}
