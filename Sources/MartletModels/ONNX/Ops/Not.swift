import MartletGraph

extension ONNXOp {
    /// Whether x does not hold.
    static let not = ONNXOp("Not", inputs: 1...1, one: { try $0.emit(LogicalOp(.not), $0.input(0)) })
}
