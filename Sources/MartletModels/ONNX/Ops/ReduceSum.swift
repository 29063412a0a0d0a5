import MartletGraph

extension ONNXOp {
    /// Sum along axes.
    static let reduceSum = ONNXOp.reduce("ReduceSum", .sum)
}
