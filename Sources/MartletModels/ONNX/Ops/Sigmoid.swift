import MartletGraph

extension ONNXOp {
    /// 1⁄(1 + e⁻ˣ)
    static let sigmoid = ONNXOp.unary("Sigmoid", .sigmoid)
}
