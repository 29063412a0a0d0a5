import MartletGraph

extension ONNXOp {
    /// A tensor cut into a sequence.
    static let splitToSequence = ONNXOp(
        "SplitToSequence", inputs: 1...2,
        one: { call in
            let op = try SequenceSplitOp(
                axis: call.int("axis", default: 0), keepDims: call.flag("keepdims", default: true))
            return try call.emit(op, call.input(0), call.optional(1))
        })
}
