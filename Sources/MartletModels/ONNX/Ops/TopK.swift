import MartletGraph

extension ONNXOp {
    /// The k largest or smallest elements along an axis and their places. k is an attribute up to opset 9.
    static let topK = ONNXOp("TopK", inputs: 1...2) { call in
        let axis = try call.int("axis", default: -1)
        guard call.version < 10 else {
            let op = try TopKOp(axis: axis, largest: call.flag("largest", default: true))
            return try call.emitAll(op, [call.input(0), call.input(1)])
        }
        return try call.emitAll(TopKOp(axis: axis, k: call.int("k") ?? 0), [call.input(0)])
    }
}
