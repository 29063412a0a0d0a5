import MartletGraph

extension ONNXOp {
    /// One tensor of a sequence.
    static let sequenceAt = ONNXOp(
        "SequenceAt", inputs: 2...2, one: { try $0.emit(SequenceAtOp(), $0.input(0), $0.input(1)) })
}
