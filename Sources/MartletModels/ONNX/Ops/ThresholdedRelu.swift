import MartletGraph

extension ONNXOp {
    /// x above α, else 0.
    static let thresholdedRelu = ONNXOp(
        "ThresholdedRelu", inputs: 1...1,
        one: { call in
            try call.emit(UnaryOp(.thresholdedRelu, a: call.float("alpha", default: 1)), call.input(0))
        })
}
