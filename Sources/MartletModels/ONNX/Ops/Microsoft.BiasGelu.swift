import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: GELU of x + bias.
    static let microsoftBiasGelu = ONNXOp(
        "BiasGelu", domain: "com.microsoft", inputs: 2...2,
        one: { call in
            try call.emit(UnaryOp(.geluErf), call.emit(BinaryOp(.add), call.input(0), call.input(1)))
        })
}
