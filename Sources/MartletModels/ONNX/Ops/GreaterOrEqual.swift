import MartletGraph

extension ONNXOp {
    /// x ≥ y
    static let greaterOrEqual = ONNXOp.binary("GreaterOrEqual", CompareOp(.ge))
}
