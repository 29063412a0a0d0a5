import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: mean of each channel of a quantized tensor. Inputs: x, its scale and zero point, those of the result.
    static let microsoftQLinearGlobalAveragePool = ONNXOp(
        "QLinearGlobalAveragePool", domain: "com.microsoft", inputs: 5...5,
        one: { call in
            try call.requireChannelsFirst()
            let y = try call.emit(GlobalPoolOp(.average), call.dequantizedInput(0, 1, 2))
            return try call.quantizedLike(call.input(0), y, scale: 3, zero: 4)
        })
}
