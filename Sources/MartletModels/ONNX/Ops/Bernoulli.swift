import MartletGraph

extension ONNXOp {
    /// 1 with probability x, else 0; the same on each run.
    static let bernoulli = ONNXOp(
        "Bernoulli", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let draw = try call.random(.uniform(low: 0, high: 1), like: x, dtype: .float64)
            let isOne = try call.emit(CompareOp(.lt), draw, call.cast(x, to: .float64))
            return try call.cast(isOne, to: call.dtype("dtype") ?? call.dtype(x))
        })
}
