import MartletGraph

extension ONNXOp {
    /// Convolution of 8-bit integers less their zero points, as int32.
    static let convInteger = ONNXOp(
        "ConvInteger", inputs: 2...4,
        one: { call in
            try call.emit(
                IntegerConvOp(call.window(), groups: call.int("group", default: 1)), call.input(0), call.input(1),
                call.optional(2), call.optional(3))
        })
}
