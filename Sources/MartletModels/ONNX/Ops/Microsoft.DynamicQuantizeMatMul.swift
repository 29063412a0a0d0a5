import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: A, quantized over its own range, × B of 8-bit integers, as floats. Inputs: A, B, B's scale, zero point?,
    /// bias?.
    static let microsoftDynamicQuantizeMatMul = ONNXOp(
        "DynamicQuantizeMatMul", domain: "com.microsoft", inputs: 3...5,
        one: { call in
            let levels = try call.emitAll(DynamicQuantizeOp(), [call.input(0)])
            let scale = try call.emit(BinaryOp(.mul), levels[1], call.input(2))
            return try call.emit(
                IntegerMatMulOp(.float32), levels[0], call.input(1), levels[2], call.optional(3), scale,
                call.optional(4))
        })
}
