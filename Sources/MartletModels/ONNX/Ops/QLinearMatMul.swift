import MartletGraph

extension ONNXOp {
    /// Matrix product of 8-bit integers with scales and zero points: a, its scale and zero point, b, …, those of the result.
    static let qLinearMatMul = ONNXOp(
        "QLinearMatMul", inputs: 8...8,
        one: { call in
            let (a, b, zero) = try (call.input(0), call.input(3), call.input(7))
            let areBytes = [a, b, zero].allSatisfy { call.dtype($0).isByte }
            if areBytes, try call.isScalar(call.input(1)) {
                return try call.emit(
                    IntegerMatMulOp(call.dtype(zero)), a, b, call.input(2), call.input(5),
                    call.requantizationScale(1, 4, 6), nil, zero)
            }
            // Scales of rows, and floats of 8 bits: by way of float32.
            func rows(_ index: Int) throws -> ValueID {
                let value = try call.input(index)
                guard call.type(value).rank == 1, !call.isScalar(value) else { return value }
                return try call.emit(UnsqueezeOp(axes: [1]), value)
            }
            let left = try call.dequantized(a, rows(1), rows(2), to: .float32)
            let right = try call.dequantized(b, call.input(4), call.input(5), to: .float32)
            let product = try call.emit(MatMulOp(), left, right)
            return try call.quantized(product, call.cast(call.input(6), to: .float32), zero, to: call.dtype(zero))
        })
}
