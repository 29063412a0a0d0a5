import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x⁄√(mean(x²) + ε) · scale of x = input + skip + bias, which is the fourth output.
    static let microsoftSkipSimplifiedLayerNormalization = ONNXOp(
        "SkipSimplifiedLayerNormalization", domain: "com.microsoft", inputs: 3...4
    ) { call in
        var sum = try call.emit(BinaryOp(.add), call.input(0), call.input(1))
        if let bias = call.optional(3) { sum = try call.emit(BinaryOp(.add), sum, bias) }
        let op = try RMSNormOp(epsilon: call.float("epsilon", default: 1e-5))
        // Outputs 1 and 2, mean and deviation, are for training only.
        return [try call.emit(op, sum, call.input(2)), nil, nil, sum]
    }
}
