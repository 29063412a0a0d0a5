import MartletGraph

extension ONNXOp {
    /// Natural logarithm.
    static let log = ONNXOp.unary("Log", .log)
}
