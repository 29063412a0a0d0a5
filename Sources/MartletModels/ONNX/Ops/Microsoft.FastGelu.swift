import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: GELU by tanh of x + bias.
    static let microsoftFastGelu = ONNXOp(
        "FastGelu", domain: "com.microsoft", inputs: 1...2,
        one: { call in
            var x = try call.input(0)
            if let bias = call.optional(1) { x = try call.emit(BinaryOp(.add), x, bias) }
            return try call.emit(UnaryOp(.geluTanh), x)
        })
}
