import MartletGraph

extension ONNXOp {
    /// Columns of blocks added up to images.
    static let col2Im = ONNXOp(
        "Col2Im", inputs: 3...3,
        one: { call in
            let op = try Col2ImOp(call.window())
            return try call.inFloats(call.input(0)) { try call.emit(op, $0, call.input(1), call.input(2)) }
        })
}
