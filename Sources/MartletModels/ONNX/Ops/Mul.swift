import MartletGraph

extension ONNXOp {
    /// x · y
    static let mul = ONNXOp.binary("Mul", BinaryOp(.mul))
}
