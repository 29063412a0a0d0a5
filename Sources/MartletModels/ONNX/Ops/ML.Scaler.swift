import MartletGraph

extension ONNXOp {
    /// (x - offset) · scale, one number of each for all columns or for each column.
    static let mlScaler = ONNXOp(
        "Scaler", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let numbers = call.dtype(x) == .float64 ? x : try call.cast(x, to: .float32)
            let type = call.dtype(numbers)
            var result = numbers
            if let offset = try call.numbers("offset"), !offset.isEmpty {
                result = try call.emit(BinaryOp(.sub), result, call.constant(offset, type))
            }
            if let scale = try call.numbers("scale"), !scale.isEmpty {
                result = try call.emit(BinaryOp(.mul), result, call.constant(scale, type))
            }
            return try call.cast(result, to: .float32)
        })
}
