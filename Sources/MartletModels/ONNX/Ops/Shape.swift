import MartletGraph

extension ONNXOp {
    /// The dimensions of x from `start` to before `end`.
    static let shape = ONNXOp(
        "Shape", inputs: 1...1,
        one: { call in
            try call.emit(ShapeOp(start: call.int("start", default: 0), end: call.int("end")), call.input(0))
        })
}
