import MartletGraph

extension ONNXOp {
    /// x cut into pieces. Sizes are an attribute up to opset 12, an input from 13 on; none means equal pieces.
    static let split = ONNXOp("Split", inputs: 1...2) { call in
        let axis = try call.int("axis", default: 0)
        let count = try call.int("num_outputs") ?? call.node.outputs.count
        if let sizes = call.optional(1) {
            return try call.emitAll(SplitOp(axis: axis, count: call.node.outputs.count), [call.input(0), sizes])
        }
        return try call.emitAll(SplitOp(axis: axis, count: count, sizes: call.ints("split")), [call.input(0)])
    }
}
