import MartletGraph

extension ONNXOp {
    /// start, start + delta, … before limit.
    static let range = ONNXOp(
        "Range", inputs: 3...3, one: { try $0.emit(RangeOp(), $0.input(0), $0.input(1), $0.input(2)) })
}
