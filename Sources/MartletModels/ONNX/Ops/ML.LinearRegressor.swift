import MartletGraph

extension ONNXOp {
    /// x · Wᵀ + b
    static let mlLinearRegressor = ONNXOp(
        "LinearRegressor", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let scores = try call.linear(
                call.rows(0), call.numbers("coefficients") ?? [], call.numbers("intercepts") ?? [],
                targets: call.int("targets", default: 1))
            return try call.cast(call.transformed(scores, call.postTransform()), to: .float32)
        })
}
