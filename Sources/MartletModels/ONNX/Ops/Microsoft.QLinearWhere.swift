import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x where the condition holds, else y. Inputs: condition, x, its scale and zero point, y, …, those of the result.
    static let microsoftQLinearWhere = ONNXOp(
        "QLinearWhere", domain: "com.microsoft", inputs: 9...9,
        one: { call in
            let y = try call.emit(
                WhereOp(), call.input(0), call.dequantizedInput(1, 2, 3), call.dequantizedInput(4, 5, 6))
            return try call.quantizedLike(call.input(1), y, scale: 7, zero: 8)
        })
}
