import MartletGraph

extension ONNXOp {
    /// A sequence with one tensor less.
    static let sequenceErase = ONNXOp(
        "SequenceErase", inputs: 1...2, one: { try $0.emit(SequenceEditOp(.erase), $0.input(0), $0.optional(1)) })
}
