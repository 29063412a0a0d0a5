import MartletGraph

extension ONNXOp {
    /// A sequence without elements.
    static let sequenceEmpty = ONNXOp(
        "SequenceEmpty", inputs: 0...0,
        one: { try $0.emit(SequenceOp(elementType: $0.dtype("dtype") ?? .float32)) })
}
