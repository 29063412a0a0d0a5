import MartletGraph

extension ONNXOp {
    /// Whether exactly one holds.
    static let xor = ONNXOp.binary("Xor", LogicalOp(.xor))
}
