import MartletGraph

extension ONNXOp {
    /// Smallest element along axes.
    static let reduceMin = ONNXOp.reduce("ReduceMin", .min)
}
