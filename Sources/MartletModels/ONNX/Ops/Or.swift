import MartletGraph

extension ONNXOp {
    /// Whether one holds.
    static let or = ONNXOp.binary("Or", LogicalOp(.or))
}
