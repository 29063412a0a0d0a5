import MartletGraph

extension ONNXOp {
    /// One value at the index along a new axis, another elsewhere.
    static let oneHot = ONNXOp(
        "OneHot", inputs: 3...3,
        one: { call in
            let indices = try call.cast(call.input(0), to: .int64)
            let depth = try call.emit(ReshapeOp([]), call.cast(call.input(1), to: .int64))
            return try call.emit(OneHotOp(axis: call.int("axis", default: -1)), indices, depth, call.input(2))
        })
}
