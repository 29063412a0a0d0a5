import MartletGraph

extension ONNXOp {
    /// max(x, 0) + min(0, α(e^(x⁄α) - 1))
    static let celu = ONNXOp(
        "Celu", inputs: 1...1,
        one: { call in
            try call.emit(UnaryOp(.celu, a: call.float("alpha", default: 1)), call.input(0))
        })
}
