import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x · sigmoid(alpha · x).
    static let microsoftQuickGelu = ONNXOp(
        "QuickGelu", domain: "com.microsoft", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let alpha = try call.constant(Double(call.float("alpha", default: 1.702)), call.dtype(x))
            return try call.emit(BinaryOp(.mul), x, call.emit(UnaryOp(.sigmoid), call.emit(BinaryOp(.mul), x, alpha)))
        })
}
