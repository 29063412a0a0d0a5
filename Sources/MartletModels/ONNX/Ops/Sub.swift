import MartletGraph

extension ONNXOp {
    /// x - y
    static let sub = ONNXOp.binary("Sub", BinaryOp(.sub))
}
