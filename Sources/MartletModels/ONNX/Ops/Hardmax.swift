import MartletGraph

extension ONNXOp {
    /// 1 at the first largest element along an axis, 0 elsewhere. Up to opset 12 as `softmax` is.
    static let hardmax = ONNXOp("Hardmax", inputs: 1...1, one: { call in try call.softmax { HardmaxOp(axis: $0) } })
}
