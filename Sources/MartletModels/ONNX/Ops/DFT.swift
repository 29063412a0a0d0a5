import MartletGraph

extension ONNXOp {
    /// The discrete Fourier transform along an axis: an attribute (default 1) up to opset 19, then an input.
    static let dft = ONNXOp(
        "DFT", inputs: 1...3,
        one: { call in
            let isOld = call.version < 20
            let axis = try isOld ? call.int("axis", default: 1) : call.optional(2) == nil ? -2 : nil
            let op = try DFTOp(axis: axis, isInverse: call.flag("inverse"), isOneSided: call.flag("onesided"))
            return try call.emit(op, call.input(0), call.optional(1), isOld ? nil : call.optional(2))
        })
}
