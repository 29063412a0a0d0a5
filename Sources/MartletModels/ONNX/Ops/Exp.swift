import MartletGraph

extension ONNXOp {
    /// eˣ
    static let exp = ONNXOp.unary("Exp", .exp)
}
