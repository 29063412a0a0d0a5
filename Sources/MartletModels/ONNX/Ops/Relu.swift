import MartletGraph

extension ONNXOp {
    /// max(x, 0)
    static let relu = ONNXOp.unary("Relu", .relu)
}
