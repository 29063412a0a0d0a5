import MartletGraph

extension ONNXOp {
    /// Determinants of the matrices in the last two axes.
    static let det = ONNXOp("Det", inputs: 1...1, one: { try $0.emit(DeterminantOp(), $0.input(0)) })
}
