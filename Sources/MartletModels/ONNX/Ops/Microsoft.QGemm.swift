import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: α A × B + C of 8-bit integers, quantized if the result has a scale and a zero point. Inputs: A, its scale
    /// and zero point, B, its scale and zero point, C? (int32), the result's scale? and zero point?.
    static let microsoftQGemm = ONNXOp(
        "QGemm", domain: "com.microsoft", inputs: 6...9,
        one: { call in
            func side(_ index: Int, _ flag: String) throws -> ValueID {
                let x = try call.input(index)
                return try call.flag(flag) ? call.emit(TransposeOp([1, 0]), x) : x
            }
            let alpha = try call.float("alpha", default: 1)
            var scale = try call.emit(BinaryOp(.mul), call.input(1), call.input(4))
            if alpha != 1 { scale = try call.emit(BinaryOp(.mul), scale, call.constant(Double(alpha), .float32)) }
            let zero = call.optional(8)
            if call.optional(7) != nil { scale = try call.emit(BinaryOp(.div), scale, call.input(7)) }
            let output = try call.optional(7) == nil ? .float32 : call.dtype(call.input(8))
            return try call.emit(
                IntegerMatMulOp(output), side(0, "transA"), side(3, "transB"), call.input(2), call.input(5), scale,
                call.optional(6).map { try call.emit(ReshapeOp(), $0, call.constant(ints: [-1])) },
                output == .float32 ? nil : zero)
        })
}
