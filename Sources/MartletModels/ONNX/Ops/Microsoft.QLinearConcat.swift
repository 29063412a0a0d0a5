import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: quantized tensors one after the other. Inputs: the result's scale and zero point, then each tensor, its scale and zero
    /// point.
    static let microsoftQLinearConcat = ONNXOp(
        "QLinearConcat", domain: "com.microsoft", inputs: 5...Int.max,
        one: { call in
            guard let axis = try call.int("axis") else { throw call.wrong("attribute `axis` is missing") }
            guard call.inputs.count % 3 == 2 else { throw call.wrong("its tensors have each a scale and a zero point") }
            let parts = try stride(from: 2, to: call.inputs.count, by: 3).map { index in
                try call.dequantizedInput(index, index + 1, index + 2)
            }
            let y = try parts.count == 1 ? parts[0] : call.emitAll(ConcatOp(axis: axis), parts)[0]
            return try call.quantizedLike(call.input(2), y, scale: 0, zero: 1)
        })
}
