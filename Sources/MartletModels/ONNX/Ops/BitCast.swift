import MartletGraph

extension ONNXOp {
    /// The same bits under another type of the same size.
    static let bitCast = ONNXOp(
        "BitCast", inputs: 1...1,
        one: { call in
            guard let dtype = try call.dtype("to") else { throw call.wrong("attribute `to` is missing") }
            return try call.emit(BitCastOp(dtype), call.input(0))
        })
}
