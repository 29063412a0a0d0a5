import MartletGraph

extension ONNXOp {
    /// Exponentials divided by their sum along an axis; up to opset 12 along all axes from `axis` on.
    static let softmax = ONNXOp("Softmax", inputs: 1...1, one: { try $0.softmax { SoftmaxOp(axis: $0) } })
}
