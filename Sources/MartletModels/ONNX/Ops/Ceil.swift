import MartletGraph

extension ONNXOp {
    /// Least integer not below x.
    static let ceil = ONNXOp.unary("Ceil", .ceil)
}
