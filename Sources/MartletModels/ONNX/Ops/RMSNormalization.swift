import MartletGraph

extension ONNXOp {
    /// x⁄√(mean(x²) + ε) · scale over the axes from `axis` on.
    static let rmsNormalization = ONNXOp(
        "RMSNormalization", inputs: 2...2,
        one: { call in
            let op = try RMSNormOp(axis: call.int("axis", default: -1), epsilon: call.float("epsilon", default: 1e-5))
            return try call.emit(op, call.input(0), call.input(1))
        })
}
