import MartletGraph

extension ONNXOp {
    /// x, or α(eˣ - 1) below zero.
    static let elu = ONNXOp(
        "Elu", inputs: 1...1,
        one: { call in
            try call.emit(UnaryOp(.elu, a: call.float("alpha", default: 1)), call.input(0))
        })
}
