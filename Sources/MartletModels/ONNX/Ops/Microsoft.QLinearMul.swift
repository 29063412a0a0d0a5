import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: the product of two quantized tensors. Inputs: A, its scale and zero point?, B, …, those of the result.
    static let microsoftQLinearMul = ONNXOp(
        "QLinearMul", domain: "com.microsoft", inputs: 7...8,
        one: { call in
            let y = try call.emit(BinaryOp(.mul), call.dequantizedInput(0, 1, 2), call.dequantizedInput(3, 4, 5))
            return try call.quantizedLike(call.input(0), y, scale: 6, zero: 7)
        })
}
