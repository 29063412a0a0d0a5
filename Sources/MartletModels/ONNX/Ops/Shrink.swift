import MartletGraph

extension ONNXOp {
    /// x + bias below -λ, x - bias above λ, else 0.
    static let shrink = ONNXOp(
        "Shrink", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let dtype = call.dtype(x)
            let bias = try call.constant(Double(call.float("bias", default: 0)), dtype)
            let lambda = try Double(call.float("lambd", default: 0.5))
            let isLow = try call.emit(CompareOp(.lt), x, call.constant(-lambda, dtype))
            let isHigh = try call.emit(CompareOp(.gt), x, call.constant(lambda, dtype))
            let high = try call.emit(WhereOp(), isHigh, call.emit(BinaryOp(.sub), x, bias), call.constant(0, dtype))
            return try call.emit(WhereOp(), isLow, call.emit(BinaryOp(.add), x, bias), high)
        })
}
