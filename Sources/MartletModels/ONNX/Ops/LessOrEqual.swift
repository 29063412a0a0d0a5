import MartletGraph

extension ONNXOp {
    /// x ≤ y
    static let lessOrEqual = ONNXOp.binary("LessOrEqual", CompareOp(.le))
}
