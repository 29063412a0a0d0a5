import MartletGraph

extension ONNXOp {
    /// x · sigmoid(αx)
    static let swish = ONNXOp(
        "Swish", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let alpha = try call.float("alpha", default: 1)
            guard alpha != 1 else { return try call.emit(UnaryOp(.silu), x) }
            let scaled = try call.emit(BinaryOp(.mul), x, call.constant(Double(alpha), call.dtype(x)))
            return try call.emit(BinaryOp(.mul), x, call.emit(UnaryOp(.sigmoid), scaled))
        })
}
