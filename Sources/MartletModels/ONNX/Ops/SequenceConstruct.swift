import MartletGraph

extension ONNXOp {
    /// A sequence of the inputs.
    static let sequenceConstruct = ONNXOp(
        "SequenceConstruct", inputs: 1...Int.max, one: { try $0.emitAll(SequenceOp(), $0.inputs)[0] })
}
