import MartletGraph

extension ONNXOp {
    /// The tensors of a sequence in one.
    static let concatFromSequence = ONNXOp(
        "ConcatFromSequence", inputs: 1...1,
        one: { call in
            guard let axis = try call.int("axis") else { throw call.wrong("attribute `axis` is missing") }
            return try call.emit(SequenceConcatOp(axis: axis, newAxis: call.flag("new_axis")), call.input(0))
        })
}
