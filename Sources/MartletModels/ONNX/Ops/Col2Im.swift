import MartletGraph

extension ONNXOp {
    /// Columns of blocks added up to images.
    static let col2Im = ONNXOp(
        "Col2Im", inputs: 3...3,
        one: { call in try call.emit(Col2ImOp(call.window()), call.input(0), call.input(1), call.input(2)) })
}
