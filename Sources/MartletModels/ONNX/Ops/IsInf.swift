import MartletGraph

extension ONNXOp {
    /// Whether x is infinite, of the signs asked for.
    static let isInf = ONNXOp(
        "IsInf", inputs: 1...1,
        one: { call in
            let op = try IsInfOp(
                detectPositive: call.flag("detect_positive", default: true),
                detectNegative: call.flag("detect_negative", default: true))
            return try call.emit(op, call.widened(call.input(0)))
        })
}
