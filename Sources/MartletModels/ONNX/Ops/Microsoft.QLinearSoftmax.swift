import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: softmax of a quantized tensor. Inputs: x, its scale and zero point?, those of the result.
    static let microsoftQLinearSoftmax = ONNXOp(
        "QLinearSoftmax", domain: "com.microsoft", inputs: 5...5,
        one: { call in
            let x = try call.dequantizedInput(0, 1, 2)
            let axis = try call.int("axis", default: -1)
            let y = try call.softmax(x, axis: axis, version: call.int("opset", default: 13)) { SoftmaxOp(axis: $0) }
            return try call.quantizedLike(call.input(0), y, scale: 3, zero: 4)
        })
}
