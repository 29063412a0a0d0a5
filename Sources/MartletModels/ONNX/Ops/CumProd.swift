import MartletGraph

extension ONNXOp {
    /// Running products along an axis.
    static let cumProd = ONNXOp(
        "CumProd", inputs: 2...2,
        one: { call in
            let op = try CumSumOp(exclusive: call.flag("exclusive"), reverse: call.flag("reverse"), isProduct: true)
            return try call.emit(op, call.input(0), call.input(1))
        })
}
