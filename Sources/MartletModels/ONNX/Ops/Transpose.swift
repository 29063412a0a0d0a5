import MartletGraph

extension ONNXOp {
    /// Axes in another order; reversed if none is given.
    static let transpose = ONNXOp(
        "Transpose", inputs: 1...1,
        one: { call in
            try call.emit(TransposeOp(call.ints("perm")), call.input(0))
        })
}
