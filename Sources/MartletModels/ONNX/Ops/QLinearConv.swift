import MartletGraph

extension ONNXOp {
    /// Convolution of 8-bit integers with scales and zero points of x, w and the result: x, its scale and zero, w, …, y's, bias.
    static let qLinearConv = ONNXOp(
        "QLinearConv", inputs: 8...9,
        one: { call in
            let zero = try call.input(7)
            let op = try IntegerConvOp(call.window(), groups: call.int("group", default: 1), call.dtype(zero))
            return try call.emit(
                op, call.input(0), call.input(3), call.input(2), call.input(5),
                call.requantizationScale(1, 4, 6), call.optional(8), zero)
        })
}
