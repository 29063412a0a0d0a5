import MartletGraph

extension ONNXOp {
    /// Elements of x at given places along an axis.
    static let gatherElements = ONNXOp(
        "GatherElements", inputs: 2...2,
        one: { call in
            try call.emit(GatherElementsOp(axis: call.int("axis", default: 0)), call.input(0), call.input(1))
        })
}
