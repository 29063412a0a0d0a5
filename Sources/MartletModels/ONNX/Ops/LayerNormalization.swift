import MartletGraph

extension ONNXOp {
    /// (x - mean)⁄√(variance + ε) · scale + bias over the axes from `axis` on.
    static let layerNormalization = ONNXOp("LayerNormalization", inputs: 2...3) { call in
        let x = try call.input(0)
        let axis = try call.int("axis", default: -1)
        let epsilon = try call.float("epsilon", default: 1e-5)
        let y = try call.emit(LayerNormOp(axis: axis, epsilon: epsilon), x, call.input(1), call.optional(2))
        guard call.node.outputs.count > 1 else { return [y] }
        // The statistics are computed and given out in `stash_type`, float32 unless it says otherwise.
        let stash = try call.dtype("stash_type") ?? .float32
        let wide = try call.cast(x, to: stash)
        let rank = try call.rank(x)
        let axes = Array(try call.axis(axis, rank: rank)..<rank)
        let mean = try call.emit(ReduceOp(.mean, axes: axes), wide)
        let centred = try call.emit(BinaryOp(.sub), wide, mean)
        let variance = try call.emit(ReduceOp(.mean, axes: axes), call.emit(UnaryOp(.square), centred))
        let shifted = try call.emit(BinaryOp(.add), variance, call.constant(Double(epsilon), stash))
        return [y, mean, try call.emit(UnaryOp(.rsqrt), shifted)]
    }
}
