import MartletGraph

extension ONNXOp {
    /// -1, 0 or 1.
    static let sign = ONNXOp.unary("Sign", .sign)
}
