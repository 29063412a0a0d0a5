import MartletGraph

extension ONNXOp {
    /// Numbers of a normal distribution, the same on each run.
    static let randomNormal = ONNXOp("RandomNormal", inputs: 0...0, one: { try $0.random($0.normal()) })
}
