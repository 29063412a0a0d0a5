import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x, or αx below zero, quantized. Inputs: x, its scale and zero point?, those of the result.
    static let microsoftQLinearLeakyRelu = ONNXOp(
        "QLinearLeakyRelu", domain: "com.microsoft", inputs: 4...5,
        one: { call in
            let op = try UnaryOp(.leakyRelu, a: call.float("alpha", default: 0.01))
            return try call.quantizedLike(
                call.input(0), call.emit(op, call.dequantizedInput(0, 1, 2)), scale: 3, zero: 4)
        })
}
