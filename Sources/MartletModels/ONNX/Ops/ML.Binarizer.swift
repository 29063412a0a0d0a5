import MartletGraph

extension ONNXOp {
    /// 1 where x exceeds the threshold, else 0.
    static let mlBinarizer = ONNXOp(
        "Binarizer", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let type = call.dtype(x)
            let threshold = try call.constant(Double(call.float("threshold", default: 0)), .float32)
            let compared = type.isFloat ? x : try call.cast(x, to: .float32)
            let isAbove = try call.emit(
                CompareOp(.gt), compared, call.cast(threshold, to: call.dtype(compared)))
            return try call.cast(isAbove, to: type)
        })
}
