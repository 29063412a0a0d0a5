import MartletGraph

extension ONNXOp {
    /// x to the power of y, in the type of x.
    static let pow = ONNXOp.binary("Pow", BinaryOp(.pow))
}
