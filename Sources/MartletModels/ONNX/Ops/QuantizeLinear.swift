import MartletGraph

extension ONNXOp {
    /// saturate(round(x⁄scale) + zero point)
    static let quantizeLinear = ONNXOp(
        "QuantizeLinear", inputs: 2...3,
        one: { call in
            let zero = call.optional(2)
            let given = try call.dtype("output_dtype")
            if let zero, let given, given != call.dtype(zero) {
                throw call.wrong("output_dtype is \(given.name), but the zero point is \(call.dtype(zero).name)")
            }
            return try call.quantized(
                call.input(0), call.input(1), zero, to: zero.map(call.dtype) ?? given ?? .uint8)
        })
}
