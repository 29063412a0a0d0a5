import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: layer norm of x + skip + bias over the last axis.
    static let microsoftSkipLayerNormalization = ONNXOp(
        "SkipLayerNormalization", domain: "com.microsoft", inputs: 3...5
    ) { call in
        var sum = try call.emit(BinaryOp(.add), call.input(0), call.input(1))
        if let bias = call.optional(4) { sum = try call.emit(BinaryOp(.add), sum, bias) }
        let op = try LayerNormOp(epsilon: call.float("epsilon", default: 1e-12))
        // Outputs 1 and 2, mean and deviation, are for training only.
        return [try call.emit(op, sum, call.input(2), call.optional(3)), nil, nil, sum]
    }
}
