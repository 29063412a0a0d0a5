import MartletGraph

extension ONNXOp {
    /// 25/46 - 21/46 cos(2πn / N)
    static let hammingWindow = ONNXOp(
        "HammingWindow", inputs: 1...1, one: { try $0.cosineWindow([25.0 / 46, -21.0 / 46]) })
}
