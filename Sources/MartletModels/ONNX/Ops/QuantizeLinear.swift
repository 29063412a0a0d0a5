import MartletGraph

extension ONNXOp {
    /// saturate(round(x⁄scale) + zero point)
    static let quantizeLinear = ONNXOp(
        "QuantizeLinear", inputs: 2...3,
        one: { call in
            let x = try call.input(0)
            var target = call.optional(2).map(call.dtype) ?? .uint8
            if call.optional(2) == nil, let given = try call.dtype("output_dtype") { target = given }
            guard try call.int("block_size", default: 0) == 0 else { throw call.wrong("blocks are not supported") }
            let scale = try call.alongAxis(call.cast(call.input(1), to: .float32), of: x)
            let quotient = try call.emit(BinaryOp(.div), call.cast(x, to: .float32), scale)
            var level = try call.emit(UnaryOp(.round), quotient)
            if let zero = call.optional(2) {
                level = try call.emit(BinaryOp(.add), level, call.alongAxis(call.cast(zero, to: .float32), of: x))
            }
            guard let (low, high) = ONNXCall.bounds(of: target) else { throw call.wrong("it makes \(target.name)") }
            let clipped = try call.emit(ClipOp(), level, call.constant(low, .float32), call.constant(high, .float32))
            return try call.cast(clipped, to: target)
        })
}
