import MartletGraph

extension ONNXOp {
    /// Nearest integer, halves to the even one.
    static let round = ONNXOp.unary("Round", .round)
}
