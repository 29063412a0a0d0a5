import MartletGraph

extension ONNXOp {
    /// Slices of x at given places along an axis.
    static let gather = ONNXOp(
        "Gather", inputs: 2...2,
        one: { call in
            try call.emit(GatherOp(axis: call.int("axis", default: 0)), call.input(0), call.input(1))
        })
}
