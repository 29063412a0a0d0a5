import MartletGraph

extension ONNXOp {
    /// Mean along axes.
    static let reduceMean = ONNXOp.reduce("ReduceMean", .mean)
}
