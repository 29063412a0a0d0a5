import MartletGraph

extension ONNXOp {
    /// Sum of squares along axes.
    static let reduceSumSquare = ONNXOp.reduce("ReduceSumSquare", .sumSquare)
}
