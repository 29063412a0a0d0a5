import MartletGraph

extension ONNXOp {
    /// Rows divided by their largest absolute value, their sum of absolute values, or their length.
    static let mlNormalizer = ONNXOp(
        "Normalizer", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let given = try call.input(0)
            let x = call.dtype(given) == .float64 ? given : try call.cast(given, to: .float32)
            // Rows of zeros stay as they are.
            let result: ValueID
            switch try call.string("norm", default: "MAX") {
            case "L1": result = try call.emit(NormalizeOp(p: 1, epsilon: 1e-30), x)
            case "L2": result = try call.emit(NormalizeOp(p: 2, epsilon: 1e-30), x)
            case "MAX":
                let largest = try call.emit(ReduceOp(.max, axes: [-1]), call.emit(UnaryOp(.abs), x))
                let divisor = try call.emit(BinaryOp(.max), largest, call.constant(1e-30, call.dtype(x)))
                result = try call.emit(BinaryOp(.div), x, divisor)
            case let norm: throw call.wrong("attribute norm = `\(norm)` is not supported")
            }
            return try call.cast(result, to: .float32)
        })
}
