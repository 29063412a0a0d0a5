import MartletGraph

extension ONNXOp {
    /// x divided by its p-norm along an axis.
    static let lpNormalization = ONNXOp(
        "LpNormalization", inputs: 1...1,
        one: { call in
            // The standard has no lower bound for the norm; zero vectors stay zero.
            let op = try NormalizeOp(p: call.int("p", default: 2), axis: call.int("axis", default: -1), epsilon: 1e-30)
            return try call.emit(op, call.input(0))
        })
}
