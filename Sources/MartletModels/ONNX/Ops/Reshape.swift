import MartletGraph

extension ONNXOp {
    /// The same elements under another shape.
    static let reshape = ONNXOp(
        "Reshape", inputs: 1...2,
        one: { call in
            if call.version < 5, let target = try call.ints("shape") {
                return try call.emit(ReshapeOp(target.map(Dim.fixed)), call.input(0))
            }
            return try call.emit(ReshapeOp(allowZero: call.flag("allowzero")), call.input(0), call.input(1))
        })
}
