import MartletGraph

extension ONNXOp {
    /// α·A×B + β·C
    static let gemm = ONNXOp(
        "Gemm", inputs: 2...3,
        one: { call in
            let op = try GemmOp(
                alpha: call.float("alpha", default: 1), beta: call.float("beta", default: 1),
                transposeA: call.flag("transA"), transposeB: call.flag("transB"))
            let dtype = try call.dtype(call.input(0))
            guard dtype.isInteger, op.alpha != 1 || op.beta != 1 else {
                return try call.emit(op, call.input(0), call.input(1), call.optional(2))
            }
            // Factors that are no integers: through float64.
            let wide = try [call.input(0), call.input(1), call.optional(2)].map { input in
                try input.map { try call.cast($0, to: .float64) }
            }
            return try call.cast(call.emitAll(op, wide)[0], to: dtype)
        })
}
