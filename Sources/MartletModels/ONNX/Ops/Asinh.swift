import MartletGraph

extension ONNXOp {
    /// Inverse hyperbolic sine.
    static let asinh = ONNXOp.unary("Asinh", .asinh)
}
