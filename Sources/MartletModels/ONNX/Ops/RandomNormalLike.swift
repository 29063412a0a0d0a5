import MartletGraph

extension ONNXOp {
    /// Numbers of a normal distribution in the shape of x, the same on each run.
    static let randomNormalLike = ONNXOp("RandomNormalLike", inputs: 1...1, one: { try $0.randomLike($0.normal()) })
}
