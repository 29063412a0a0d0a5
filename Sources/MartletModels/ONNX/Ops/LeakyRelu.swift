import MartletGraph

extension ONNXOp {
    /// x, or αx below zero.
    static let leakyRelu = ONNXOp(
        "LeakyRelu", inputs: 1...1,
        one: { call in
            try call.emit(UnaryOp(.leakyRelu, a: call.float("alpha", default: 0.01)), call.input(0))
        })
}
