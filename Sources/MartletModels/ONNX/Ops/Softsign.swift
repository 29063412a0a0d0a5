import MartletGraph

extension ONNXOp {
    /// x⁄(1 + |x|)
    static let softsign = ONNXOp.unary("Softsign", .softsign)
}
