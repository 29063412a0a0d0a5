import MartletGraph

extension ONNXOp {
    /// x ⁄ (bias + alpha ⁄ size · Σ x²)^beta, the sum over `size` neighbouring channels.
    static let lrn = ONNXOp(
        "LRN", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let rank = try call.rank(x)
            guard let size = try call.int("size"), size > 0, size < 1 << 20, rank > 2 else {
                throw call.wrong("it wants [batch, channels, …] and a size")
            }
            let alpha = try call.float("alpha", default: 1e-4) / Float(size)
            // The sum over channels is that of a pool over [batch, 1, channels, …].
            let rest = [Int](repeating: 0, count: rank - 2)
            let window = Window(padding: .explicit([(size - 1) / 2] + rest + [size / 2] + rest))
            let ones = [Int](repeating: 1, count: rank - 2)
            let squares = try call.emit(UnsqueezeOp(axes: [1]), call.emit(UnaryOp(.square), x))
            let sums = try call.emit(PoolOp(.sum, kernel: [size] + ones, window), squares)
            let base = try call.emit(
                UnaryOp(.affine, a: alpha, b: call.float("bias", default: 1)),
                call.emit(SqueezeOp(axes: [1]), sums))
            let factor = try call.emit(UnaryOp(.powScalar, a: -call.float("beta", default: 0.75)), base)
            return try call.emit(BinaryOp(.mul), x, factor)
        })
}
