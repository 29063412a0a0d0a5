import MartletGraph

extension ONNXOp {
    /// α·A×B + β·C
    static let gemm = ONNXOp(
        "Gemm", inputs: 2...3,
        one: { call in
            let op = try GemmOp(
                alpha: call.float("alpha", default: 1), beta: call.float("beta", default: 1),
                transposeA: call.flag("transA"), transposeB: call.flag("transB"))
            return try call.emit(op, call.input(0), call.input(1), call.optional(2))
        })
}
