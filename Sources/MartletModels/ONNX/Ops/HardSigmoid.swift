import MartletGraph

extension ONNXOp {
    /// clip(αx + β, 0, 1)
    static let hardSigmoid = ONNXOp(
        "HardSigmoid", inputs: 1...1,
        one: { call in
            try call.emit(
                UnaryOp(.hardSigmoid, a: call.float("alpha", default: 0.2), b: call.float("beta", default: 0.5)),
                call.input(0))
        })
}
