import MartletGraph

extension ONNXOp {
    /// The sum of all inputs.
    static let sum = ONNXOp.variadic("Sum", BinaryOp(.add))
}
