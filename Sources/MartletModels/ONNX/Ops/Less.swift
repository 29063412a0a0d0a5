import MartletGraph

extension ONNXOp {
    /// x < y
    static let less = ONNXOp.binary("Less", CompareOp(.lt))
}
