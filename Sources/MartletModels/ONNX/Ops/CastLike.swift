import MartletGraph

extension ONNXOp {
    /// x in the type of y.
    static let castLike = ONNXOp(
        "CastLike", inputs: 2...2,
        one: { call in
            try call.cast(call.input(0), to: call.dtype(call.input(1)), rounding: call.rounding())
        })
}
