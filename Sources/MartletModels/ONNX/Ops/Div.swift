import MartletGraph

extension ONNXOp {
    /// x⁄y; integers are truncated.
    static let div = ONNXOp.binary("Div", BinaryOp(.div))
}
