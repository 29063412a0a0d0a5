import MartletGraph

extension ONNXOp {
    /// The smallest of all inputs.
    static let min = ONNXOp.variadic("Min", BinaryOp(.min))
}
