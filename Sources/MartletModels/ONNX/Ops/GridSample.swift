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
            return try call.emit(op, call.input(0), call.input(1))
        })
}
