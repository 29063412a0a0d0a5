import MartletGraph

extension ONNXOp {
    /// Σ c·k(x, v) + ρ over support vectors v, or x · c + ρ without any; for one class its sign, ±1.
    static let mlSVMRegressor = ONNXOp(
        "SVMRegressor", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.rows(0)
            let supports = try call.int("n_supports", default: 0)
            let values =
                supports > 0 ? try call.kernel(x, call.numbers("support_vectors") ?? [], count: supports) : x
            let rho = try call.numbers("rho") ?? []
            let scores = try call.linear(
                values, call.numbers("coefficients") ?? [], rho.first.map { [$0] } ?? [], targets: 1)
            guard try call.flag("one_class") else {
                return try call.cast(call.transformed(scores, call.postTransform()), to: .float32)
            }
            let isInside = try call.emit(CompareOp(.gt), scores, call.constant(0, call.dtype(scores)))
            return try call.emit(
                WhereOp(), isInside, call.constant(1, .float32), call.constant(-1, .float32))
        })
}
