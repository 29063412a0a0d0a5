import MartletGraph

extension ONNXOp {
    /// √x
    static let sqrt = ONNXOp.unary("Sqrt", .sqrt)
}
