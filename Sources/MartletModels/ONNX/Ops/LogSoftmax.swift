import MartletGraph

extension ONNXOp {
    /// Logarithm of the softmax; up to opset 12 along all axes from `axis` on.
    static let logSoftmax = ONNXOp(
        "LogSoftmax", inputs: 1...1, one: { try $0.softmax { SoftmaxOp(axis: $0, logarithm: true) } })
}
