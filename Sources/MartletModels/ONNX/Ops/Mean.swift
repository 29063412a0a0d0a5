import MartletGraph

extension ONNXOp {
    /// The mean of all inputs.
    static let mean = ONNXOp(
        "Mean", inputs: 1...Int.max,
        one: { call in
            let sum = try call.chain(BinaryOp(.add), call.allInputs())
            let count = try call.constant(Double(call.inputs.count), call.dtype(sum))
            return try call.emit(BinaryOp(.div), sum, count)
        })
}
