import MartletGraph

extension ONNXOp {
    /// Each channel of each row less its mean, by its deviation, · scale + bias.
    static let instanceNormalization = ONNXOp(
        "InstanceNormalization", inputs: 3...3,
        one: { call in
            let x = try call.input(0)
            let rank = try call.rank(x)
            guard rank > 2 else { throw call.wrong("it wants [batch, channels, …]") }
            let y = try call.emit(
                LayerNormOp(axis: 2, epsilon: call.float("epsilon", default: 1e-5)), x)
            return try call.scaled(y, call.input(1), call.input(2))
        })
}
