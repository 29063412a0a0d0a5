import MartletGraph

extension ONNXOp {
    /// x in another type.
    static let cast = ONNXOp(
        "Cast", inputs: 1...1,
        one: { call in
            guard let dtype = try call.dtype("to") else { throw call.wrong("attribute `to` is missing") }
            return try call.cast(call.input(0), to: dtype, rounding: call.rounding())
        })
}
