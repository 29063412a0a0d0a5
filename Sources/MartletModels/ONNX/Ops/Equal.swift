import MartletGraph

extension ONNXOp {
    /// x = y
    static let equal = ONNXOp.binary("Equal", CompareOp(.eq))
}
