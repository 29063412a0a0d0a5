import MartletGraph

extension ONNXOp {
    /// Place of the largest element along an axis.
    static let argMax = ONNXOp(
        "ArgMax", inputs: 1...1,
        one: { call in
            let op = try ArgReduceOp(
                .max, axis: call.int("axis", default: 0), keepDims: call.flag("keepdims", default: true),
                selectLast: call.flag("select_last_index"))
            return try call.emit(op, call.input(0))
        })
}
