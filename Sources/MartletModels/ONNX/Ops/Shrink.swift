import MartletGraph
import MartletTensor

extension ONNXOp {
    /// x + bias below -λ, x - bias above λ, else 0.
    static let shrink = ONNXOp(
        "Shrink", inputs: 1...1,
        one: { call in
            // Integers are compared with a bound that is no integer.
            let given = call.dtype(try call.input(0))
            let dtype = given.isInteger ? DType.float64 : given
            let x = try call.cast(call.input(0), to: dtype)
            let bias = try call.constant(Double(call.float("bias", default: 0)), dtype)
            let lambda = try Double(call.float("lambd", default: 0.5))
            let isLow = try call.emit(CompareOp(.lt), x, call.constant(-lambda, dtype))
            let isHigh = try call.emit(CompareOp(.gt), x, call.constant(lambda, dtype))
            let high = try call.emit(WhereOp(), isHigh, call.emit(BinaryOp(.sub), x, bias), call.constant(0, dtype))
            let y = try call.emit(WhereOp(), isLow, call.emit(BinaryOp(.add), x, bias), high)
            return try call.cast(y, to: given)
        })
}
