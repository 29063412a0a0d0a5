import MartletGraph

extension ONNXOp {
    /// x broadcast to a shape.
    static let expand = ONNXOp("Expand", inputs: 2...2, one: { try $0.emit(ExpandOp(), $0.input(0), $0.input(1)) })
}
