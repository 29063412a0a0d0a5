import MartletGraph

extension ONNXOp {
    /// Euclidean norm along axes.
    static let reduceL2 = ONNXOp.reduce("ReduceL2", .l2)
}
