import MartletGraph

extension ONNXOp {
    /// Matrix product of 8-bit integers less their zero points, as int32.
    static let matMulInteger = ONNXOp(
        "MatMulInteger", inputs: 2...4,
        one: { call in
            try call.emit(
                IntegerMatMulOp(), call.input(0), call.input(1), call.optional(2), call.optional(3))
        })
}
