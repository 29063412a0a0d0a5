import MartletGraph

extension ONNXOp {
    /// Convolution whose kernel places are moved by offsets; two spatial axes.
    static let deformConv = ONNXOp(
        "DeformConv", inputs: 3...5,
        one: { call in
            let op = try DeformConvOp(
                call.window(), groups: call.int("group", default: 1), offsetGroups: call.int("offset_group", default: 1)
            )
            return try call.emitAll(
                op, [call.input(0), call.input(1), call.input(2), call.optional(3), call.optional(4)])[0]
        })
}
