import MartletGraph

extension ONNXOp {
    /// Logarithm of the sum along axes.
    static let reduceLogSum = ONNXOp.reduce("ReduceLogSum", .logSum)
}
