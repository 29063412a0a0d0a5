import MartletGraph

extension ONNXOp {
    /// |x|
    static let abs = ONNXOp.unary("Abs", .abs)
}
