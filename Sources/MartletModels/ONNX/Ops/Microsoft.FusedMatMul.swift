import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: alpha · A × B, either transposed in its last two axes.
    static let microsoftFusedMatMul = ONNXOp(
        "FusedMatMul", domain: "com.microsoft", inputs: 2...2,
        one: { call in
            func side(_ index: Int, _ name: String) throws -> ValueID {
                var x = try call.input(index)
                let rank = try call.rank(x)
                guard rank > 1 else { return x }
                if try call.flag("transBatch\(name)") {
                    // The batch axes and the row axis in a ring: [1, 2, …, rank - 2, 0, rank - 1].
                    x = try call.emit(TransposeOp(Array(1..<(rank - 1)) + [0, rank - 1]), x)
                }
                if try call.flag("trans\(name)") {
                    x = try call.emit(TransposeOp(Array(0..<(rank - 2)) + [rank - 1, rank - 2]), x)
                }
                return x
            }
            let product = try call.emit(MatMulOp(), side(0, "A"), side(1, "B"))
            let alpha = try call.float("alpha", default: 1)
            guard alpha != 1 else { return product }
            return try call.emit(BinaryOp(.mul), product, call.constant(Double(alpha), call.dtype(product)))
        })
}
