import MartletGraph

extension ONNXOp {
    /// (x - zero point) · scale
    static let dequantizeLinear = ONNXOp(
        "DequantizeLinear", inputs: 2...3,
        one: { call in
            let scale = try call.input(1)
            return try call.dequantized(
                call.input(0), scale, call.optional(2), to: call.dtype("output_dtype") ?? call.dtype(scale))
        })
}
