import MartletGraph

extension ONNXOp {
    /// Bits that one of the two has.
    static let bitwiseXor = ONNXOp.binary("BitwiseXor", BinaryOp(.bitXor))
}
