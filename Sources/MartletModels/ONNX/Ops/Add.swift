import MartletGraph

extension ONNXOp {
    /// x + y
    static let add = ONNXOp.binary("Add", BinaryOp(.add))
}
