import MartletGraph

extension ONNXOp {
    /// Greatest integer not above x.
    static let floor = ONNXOp.unary("Floor", .floor)
}
