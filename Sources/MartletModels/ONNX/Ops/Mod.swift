import MartletGraph

extension ONNXOp {
    /// Remainder: of the divisor's sign, or with `fmod` of the dividend's.
    static let mod = ONNXOp(
        "Mod", inputs: 2...2,
        one: { call in
            try call.emit(BinaryOp(call.flag("fmod") ? .fmod : .mod), call.input(0), call.input(1))
        })
}
