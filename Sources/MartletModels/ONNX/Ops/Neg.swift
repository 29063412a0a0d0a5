import MartletGraph

extension ONNXOp {
    /// -x
    static let neg = ONNXOp.unary("Neg", .neg)
}
