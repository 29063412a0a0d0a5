import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: A × Wᵀ + bias with W [N, K] in integers of 2, 4 or 8 bits, used packed as it is; weight =
    /// (integer - zero point) · scale of its block. `accuracy_level` asks for less than the fp32 that is always used.
    static let microsoftMatMulNBits = ONNXOp(
        "MatMulNBits", domain: "com.microsoft", inputs: 3...6,
        one: { call in
            guard call.optional(4) == nil else {
                throw call.wrong("weights with reordered groups (`g_idx`) are not supported")
            }
            let x = try call.input(0)
            let weights = BlockWeights(
                .packed(bits: try call.int("bits", default: 4), group: try call.count("block_size")),
                columns: try call.count("K"))
            let rows = try call.count("N")
            let data = try call.input(1)
            if let found = call.type(data).shape?.first?.fixedValue, found != rows {
                throw call.wrong("the weights have \(found) rows, `N` is \(rows)")
            }
            let zeros = try call.optional(3).map { call.dtype($0) == .uint8 ? $0 : try call.floats($0) }
            let bias = try call.optional(5).map(call.floats)
            let y = try call.emit(
                BlockLinearOp(weights), call.floats(x), data, call.floats(call.input(2)), zeros, bias)
            return try call.cast(y, to: call.dtype(x))
        })
}
