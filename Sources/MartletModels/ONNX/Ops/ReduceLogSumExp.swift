import MartletGraph

extension ONNXOp {
    /// Logarithm of the sum of exponentials along axes.
    static let reduceLogSumExp = ONNXOp.reduce("ReduceLogSumExp", .logSumExp)
}
