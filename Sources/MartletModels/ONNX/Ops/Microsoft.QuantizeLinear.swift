import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: as the operator of the standard, for types that this once did not have.
    static let microsoftQuantizeLinear = ONNXOp(
        "QuantizeLinear", domain: "com.microsoft", inputs: 2...3, build: ONNXOp.quantizeLinear.build)
}
