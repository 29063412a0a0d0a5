import MartletGraph

extension ONNXOp {
    /// The number of tensors in a sequence.
    static let sequenceLength = ONNXOp(
        "SequenceLength", inputs: 1...1, one: { try $0.emit(SequenceLengthOp(), $0.input(0)) })
}
