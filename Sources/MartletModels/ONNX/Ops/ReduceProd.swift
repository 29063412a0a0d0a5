import MartletGraph

extension ONNXOp {
    /// Product along axes.
    static let reduceProd = ONNXOp.reduce("ReduceProd", .prod)
}
