import MartletGraph

extension ONNXOp {
    /// Whether both hold.
    static let and = ONNXOp.binary("And", LogicalOp(.and))
}
