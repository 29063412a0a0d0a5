import MartletGraph

extension ONNXOp {
    /// Numbers from low to high in the shape of x, the same on each run.
    static let randomUniformLike = ONNXOp("RandomUniformLike", inputs: 1...1, one: { try $0.randomLike($0.uniform()) })
}
