import MartletGraph

extension ONNXOp {
    /// x as uint8 with the scale and zero point that its range asks for.
    static let dynamicQuantizeLinear = ONNXOp("DynamicQuantizeLinear", inputs: 1...1) { call in
        let x = try call.input(0)
        let zero = try call.constant(0, .float32)
        let top = try call.constant(255, .float32)
        let high = try call.emit(BinaryOp(.max), call.emit(ReduceOp(.max, keepDims: false), x), zero)
        let low = try call.emit(BinaryOp(.min), call.emit(ReduceOp(.min, keepDims: false), x), zero)
        let scale = try call.emit(BinaryOp(.div), call.emit(BinaryOp(.sub), high, low), top)
        // All zeros have the scale 0; the quotient there must not be 0⁄0.
        let isFlat = try call.emit(CompareOp(.eq), scale, zero)
        let divisor = try call.emit(WhereOp(), isFlat, call.constant(1, .float32), scale)
        func level(_ value: ValueID) throws -> ValueID {
            try call.emit(UnaryOp(.round), call.emit(BinaryOp(.div), value, divisor))
        }
        let exact = try call.emit(BinaryOp(.div), call.emit(BinaryOp(.sub), zero, low), divisor)
        let point = try call.emit(UnaryOp(.round), call.emit(ClipOp(), exact, zero, top))
        let shifted = try call.emit(BinaryOp(.add), level(x), point)
        let y = try call.cast(call.emit(ClipOp(), shifted, zero, top), to: .uint8)
        return [y, scale, try call.cast(point, to: .uint8)]
    }
}
