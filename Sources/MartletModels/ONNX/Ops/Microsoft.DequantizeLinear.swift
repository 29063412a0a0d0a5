import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: as the operator of the standard, for types that this once did not have.
    static let microsoftDequantizeLinear = ONNXOp(
        "DequantizeLinear", domain: "com.microsoft", inputs: 2...3, build: ONNXOp.dequantizeLinear.build)
}
