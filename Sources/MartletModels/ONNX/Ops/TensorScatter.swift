import MartletGraph

extension ONNXOp {
    /// A cache with an update written in, from a place of its own in each batch row on.
    static let tensorScatter = ONNXOp(
        "TensorScatter", inputs: 2...3,
        one: { call in
            let isCircular = try call.choice("mode", default: "linear", ["linear": false, "circular": true])
            let op = try TensorScatterOp(axis: call.int("axis", default: -2), isCircular: isCircular)
            return try call.emit(op, call.input(0), call.input(1), call.optional(2))
        })
}
