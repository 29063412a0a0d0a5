import MartletGraph

extension ONNXOp {
    /// Bits that either has.
    static let bitwiseOr = ONNXOp.binary("BitwiseOr", BinaryOp(.bitOr))
}
