import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: sigmoid of a quantized tensor. Inputs: x, its scale and zero point?, those of the result.
    static let microsoftQLinearSigmoid = ONNXOp(
        "QLinearSigmoid", domain: "com.microsoft", inputs: 4...5,
        one: { call in
            let y = try call.emit(UnaryOp(.sigmoid), call.dequantizedInput(0, 1, 2))
            return try call.quantizedLike(call.input(0), y, scale: 3, zero: 4)
        })
}
