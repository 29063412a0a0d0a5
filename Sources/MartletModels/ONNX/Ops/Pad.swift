import MartletGraph

extension ONNXOp {
    /// x with elements added at its ends. Pads are an attribute up to opset 10, an input from 11 on.
    static let pad = ONNXOp(
        "Pad", inputs: 1...4,
        one: { call in
            let modes: [String: PadOp.Mode] = [
                "constant": .constant, "reflect": .reflect, "edge": .edge, "wrap": .wrap,
            ]
            let mode = try call.choice("mode", default: "constant", modes)
            let x = try call.input(0)
            guard call.version < 11 else {
                return try call.emit(PadOp(mode), x, call.input(1), call.optional(2), call.optional(3))
            }
            let value = try call.constant(Double(call.float("value", default: 0)), call.dtype(x))
            return try call.emit(PadOp(mode, pads: call.ints("pads") ?? []), x, nil, value)
        })
}
