import MartletGraph

extension ONNXOp {
    /// With new axes of length 1. Axes are an attribute up to opset 12, an input from 13 on.
    static let unsqueeze = ONNXOp(
        "Unsqueeze", inputs: 1...2,
        one: { call in
            let x = try call.input(0)
            if let axes = try call.axes(input: 1, inputSince: 13) { return try call.emit(UnsqueezeOp(axes: axes), x) }
            return try call.emit(UnsqueezeOp(), x, call.optional(1))
        })
}
