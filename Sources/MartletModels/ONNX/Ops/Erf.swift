import MartletGraph

extension ONNXOp {
    /// 2⁄√π ∫₀ˣ exp(-t²) dt
    static let erf = ONNXOp.unary("Erf", .erf)
}
