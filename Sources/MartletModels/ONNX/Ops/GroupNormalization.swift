import MartletGraph

extension ONNXOp {
    /// Each group of channels of each row less its mean, by its deviation, · scale + bias.
    static let groupNormalization = ONNXOp(
        "GroupNormalization", inputs: 3...3,
        one: { call in
            let x = try call.input(0)
            guard let groups = try call.int("num_groups"), groups > 0, groups < 1 << 31, let shape = call.type(x).shape,
                shape.count > 2
            else { throw call.wrong("it wants [batch, channels, …] and a number of groups") }
            let perGroup = shape[1] / .fixed(groups)
            let split = [shape[0], .fixed(groups), perGroup] + shape.dropFirst(2)
            let grouped = try call.emit(ReshapeOp(split), x)
            let op = try LayerNormOp(axis: 2, epsilon: call.float("epsilon", default: 1e-5))
            let normalized = try call.emit(op, grouped)
            guard call.version < 21 else {
                return try call.scaled(call.emit(ReshapeOp(shape), normalized), call.input(1), call.input(2))
            }
            return try call.emit(ReshapeOp(shape), call.scaled(normalized, call.input(1), call.input(2)))
        })
}
