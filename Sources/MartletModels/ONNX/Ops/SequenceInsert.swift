import MartletGraph

extension ONNXOp {
    /// A sequence with one tensor more.
    static let sequenceInsert = ONNXOp(
        "SequenceInsert", inputs: 2...3,
        one: { try $0.emit(SequenceEditOp(.insert), $0.input(0), $0.input(1), $0.optional(2)) })
}
