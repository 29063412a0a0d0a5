import MartletGraph

extension ONNXOp {
    /// x · clip(x⁄6 + 1⁄2, 0, 1)
    static let hardSwish = ONNXOp.unary("HardSwish", .hardSwish)
}
