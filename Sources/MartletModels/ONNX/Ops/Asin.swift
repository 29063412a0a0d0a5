import MartletGraph

extension ONNXOp {
    /// Inverse sine.
    static let asin = ONNXOp.unary("Asin", .asin)
}
