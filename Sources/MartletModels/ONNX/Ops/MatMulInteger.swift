import MartletGraph

extension ONNXOp {
    /// Matrix product of 8-bit integers less their zero points, as int32.
    static let matMulInteger = ONNXOp(
        "MatMulInteger", inputs: 2...4,
        one: { call in
            func centred(_ index: Int) throws -> ValueID {
                let x = try call.cast(call.input(index), to: .int32)
                guard var zero = call.optional(index + 2) else { return x }
                // One zero point for each row of A: [m] to [m, 1].
                if index == 0, call.type(zero).rank == 1, call.type(zero).fixedShape != [1] {
                    zero = try call.emit(UnsqueezeOp(axes: [1]), zero)
                }
                return try call.emit(BinaryOp(.sub), x, call.cast(zero, to: .int32))
            }
            return try call.emit(MatMulOp(), centred(0), centred(1))
        })
}
