import MartletGraph

extension ONNXOp {
    /// Sum of absolute values along axes.
    static let reduceL1 = ONNXOp.reduce("ReduceL1", .l1)
}
