import MartletGraph

extension ONNXOp {
    /// a · sigmoid(αa) · b
    static let swiGLU = ONNXOp(
        "SwiGLU", inputs: 2...2,
        one: { call in
            let a = try call.input(0)
            let alpha = try call.float("alpha", default: 1)
            let gate: ValueID
            if alpha == 1 {
                gate = try call.emit(UnaryOp(.silu), a)
            } else {
                let scaled = try call.emit(BinaryOp(.mul), a, call.constant(Double(alpha), call.dtype(a)))
                gate = try call.emit(BinaryOp(.mul), a, call.emit(UnaryOp(.sigmoid), scaled))
            }
            return try call.emit(BinaryOp(.mul), gate, call.input(1))
        })
}
