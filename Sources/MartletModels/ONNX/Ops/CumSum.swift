import MartletGraph

extension ONNXOp {
    /// Running sums along an axis.
    static let cumSum = ONNXOp(
        "CumSum", inputs: 2...2,
        one: { call in
            let op = try CumSumOp(exclusive: call.flag("exclusive"), reverse: call.flag("reverse"))
            return try call.emit(op, call.input(0), call.input(1))
        })
}
