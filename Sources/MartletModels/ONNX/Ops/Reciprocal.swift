import MartletGraph

extension ONNXOp {
    /// 1⁄x
    static let reciprocal = ONNXOp.unary("Reciprocal", .reciprocal)
}
