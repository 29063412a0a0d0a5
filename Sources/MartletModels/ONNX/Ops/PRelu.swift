import MartletGraph

extension ONNXOp {
    /// x, or slope · x below zero.
    static let pRelu = ONNXOp(
        "PRelu", inputs: 2...2,
        one: { call in
            let x = try call.input(0)
            let isNegative = try call.emit(CompareOp(.lt), x, call.constant(0, call.dtype(x)))
            return try call.emit(WhereOp(), isNegative, call.emit(BinaryOp(.mul), x, call.input(1)), x)
        })
}
