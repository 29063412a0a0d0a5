import MartletGraph

extension ONNXOp {
    /// Bits that both have.
    static let bitwiseAnd = ONNXOp.binary("BitwiseAnd", BinaryOp(.bitAnd))
}
