import MartletGraph
import MartletTensor

extension ONNXOp {
    /// x⁄√(mean(x²) + ε) · scale over the axes from `axis` on.
    static let rmsNormalization = ONNXOp(
        "RMSNormalization", inputs: 2...2,
        one: { call in
            let op = try RMSNormOp(axis: call.int("axis", default: -1), epsilon: call.float("epsilon", default: 1e-5))
            let (x, scale) = (try call.input(0), try call.input(1))
            let (own, target) = (call.dtype(x), call.dtype(scale))
            guard own != target else { return try call.emit(op, x, scale) }
            // The result is of the scale's type.
            let wide: DType = own == .float64 || target == .float64 ? .float64 : .float32
            return try call.cast(call.emit(op, call.cast(x, to: wide), call.cast(scale, to: wide)), to: target)
        })
}
