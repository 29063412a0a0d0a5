import MartletGraph

extension ONNXOp {
    /// 2⁄√π ∫₀ˣ exp(-t²) dt; of integers, which older versions take, cut to integers.
    static let erf = ONNXOp(
        "Erf", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let dtype = call.dtype(x)
            guard dtype.isInteger else { return try call.emit(UnaryOp(.erf), x) }
            return try call.cast(call.emit(UnaryOp(.erf), call.cast(x, to: .float32)), to: dtype)
        })
}
