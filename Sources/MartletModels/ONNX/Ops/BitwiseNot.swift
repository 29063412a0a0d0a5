import MartletGraph

extension ONNXOp {
    /// All bits turned over: x xor -1.
    static let bitwiseNot = ONNXOp(
        "BitwiseNot", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let ones = try call.cast(call.constant(ints: [-1]), to: call.dtype(x))
            return try call.emit(BinaryOp(.bitXor), x, call.emit(ReshapeOp([]), ones))
        })
}
