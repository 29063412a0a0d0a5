import MartletGraph

extension ONNXOp {
    /// x in the type of y.
    static let castLike = ONNXOp(
        "CastLike", inputs: 2...2, one: { try $0.cast($0.input(0), to: $0.dtype($0.input(1))) })
}
