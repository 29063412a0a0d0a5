import MartletGraph

extension ONNXOp {
    /// Largest element along axes.
    static let reduceMax = ONNXOp.reduce("ReduceMax", .max)
}
