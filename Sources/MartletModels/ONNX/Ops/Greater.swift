import MartletGraph

extension ONNXOp {
    /// x > y
    static let greater = ONNXOp.binary("Greater", CompareOp(.gt))
}
