import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: the product of 8-bit integers as floats. Inputs: A, B, their scales, their zero points?, bias?.
    static let microsoftMatMulIntegerToFloat = ONNXOp(
        "MatMulIntegerToFloat", domain: "com.microsoft", inputs: 4...7,
        one: { call in
            let (a, b) = try (call.input(2), call.input(3))
            let dtype = call.dtype(a)
            let scale = try call.emit(BinaryOp(.mul), call.floats(a), call.floats(b))
            let y = try call.emit(
                IntegerMatMulOp(.float32), call.input(0), call.input(1), call.optional(4), call.optional(5), scale,
                call.optional(6).map(call.floats))
            return try call.cast(y, to: dtype)
        })
}
