import MartletGraph

extension ONNXOp {
    /// (x - zero point) · scale
    static let dequantizeLinear = ONNXOp(
        "DequantizeLinear", inputs: 2...3,
        one: { call in
            let x = try call.input(0)
            let scale = try call.input(1)
            guard try call.int("block_size", default: 0) == 0 else { throw call.wrong("blocks are not supported") }
            let dtype = try call.dtype("output_dtype") ?? call.dtype(scale)
            var level = try call.cast(x, to: .int32)
            if let zero = call.optional(2) {
                level = try call.emit(BinaryOp(.sub), level, call.alongAxis(call.cast(zero, to: .int32), of: x))
            }
            let factor = try call.alongAxis(call.cast(scale, to: .float32), of: x)
            return try call.cast(call.emit(BinaryOp(.mul), call.cast(level, to: .float32), factor), to: dtype)
        })
}
