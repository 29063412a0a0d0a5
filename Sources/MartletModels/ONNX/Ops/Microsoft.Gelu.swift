import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x·Φ(x).
    static let microsoftGelu = ONNXOp(
        "Gelu", domain: "com.microsoft", inputs: 1...1, one: { try $0.emit(UnaryOp(.geluErf), $0.input(0)) })
}
