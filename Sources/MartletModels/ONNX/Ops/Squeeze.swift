import MartletGraph

extension ONNXOp {
    /// Without axes of length 1. Axes are an attribute up to opset 12, an input from 13 on.
    static let squeeze = ONNXOp(
        "Squeeze", inputs: 1...2,
        one: { call in
            let x = try call.input(0)
            if let axes = try call.axes(input: 1, inputSince: 13) { return try call.emit(SqueezeOp(axes: axes), x) }
            return try call.emit(SqueezeOp(), x, call.optional(1))
        })
}
