import MartletGraph

extension ONNXOp {
    /// x read at the places that a grid names.
    static let gridSample = ONNXOp(
        "GridSample", inputs: 2...2,
        one: { call in
            let op = try GridSampleOp(
                call.choice(
                    "mode", default: "linear",
                    [
                        "linear": .linear, "bilinear": .linear, "nearest": .nearest, "cubic": .cubic,
                        "bicubic": .cubic,
                    ]),
                padding: call.choice(
                    "padding_mode", default: "zeros",
                    ["zeros": .zeros, "border": .border, "reflection": .reflection]),
                alignCorners: call.flag("align_corners"))
            return try call.inFloats(call.input(0)) {
                try call.emit(op, $0, call.cast(call.input(1), to: call.dtype($0)))
            }
        })
}
