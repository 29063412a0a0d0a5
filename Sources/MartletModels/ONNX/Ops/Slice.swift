import MartletGraph

extension ONNXOp {
    /// Every step-th element between two places of some axes. Attributes up to opset 9, inputs from 10 on.
    static let slice = ONNXOp(
        "Slice", inputs: 1...5,
        one: { call in
            guard call.version < 10 else {
                return try call.emitAll(
                    SliceOp(), [call.input(0), call.input(1), call.input(2), call.optional(3), call.optional(4)])[0]
            }
            guard let starts = try call.ints("starts"), let ends = try call.ints("ends"), starts.count == ends.count
            else {
                throw call.wrong("`starts` and `ends` are not of one length")
            }
            let axes = try call.ints("axes") ?? Array(starts.indices)
            guard axes.count == starts.count else { throw call.wrong("`axes` and `starts` are not of one length") }
            let inputs = [starts, ends, axes].map(call.constant(ints:))
            return try call.emit(SliceOp(), call.input(0), inputs[0], inputs[1], inputs[2])
        })
}
