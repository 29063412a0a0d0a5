import MartletGraph

extension ONNXOp {
    /// 0.42 - 0.5 cos(2πn / N) + 0.08 cos(4πn / N)
    static let blackmanWindow = ONNXOp(
        "BlackmanWindow", inputs: 1...1, one: { try $0.cosineWindow([0.42, -0.5, 0.08]) })
}
