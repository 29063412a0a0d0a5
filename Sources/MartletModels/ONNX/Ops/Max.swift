import MartletGraph

extension ONNXOp {
    /// The largest of all inputs.
    static let max = ONNXOp.variadic("Max", BinaryOp(.max))
}
