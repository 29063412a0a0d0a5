import MartletGraph

extension ONNXOp {
    /// (x - mean)⁄√(variance + ε) · scale + bias over the axes from `axis` on.
    static let layerNormalization = ONNXOp("LayerNormalization", inputs: 2...3) { call in
        let x = try call.input(0)
        let axis = try call.int("axis", default: -1)
        let epsilon = try call.float("epsilon", default: 1e-5)
        let y = try call.emit(LayerNormOp(axis: axis, epsilon: epsilon), x, call.input(1), call.optional(2))
        guard call.node.outputs.count > 1 else { return [y] }
        let rank = try call.rank(x)
        let axes = Array(try call.axis(axis, rank: rank)..<rank)
        let mean = try call.emit(ReduceOp(.mean, axes: axes), x)
        let centred = try call.emit(BinaryOp(.sub), x, mean)
        let variance = try call.emit(ReduceOp(.mean, axes: axes), call.emit(UnaryOp(.square), centred))
        let shifted = try call.emit(BinaryOp(.add), variance, call.constant(Double(epsilon), call.dtype(x)))
        return [y, mean, try call.emit(UnaryOp(.rsqrt), shifted)]
    }
}
