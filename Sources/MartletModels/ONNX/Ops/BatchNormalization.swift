import MartletGraph

extension ONNXOp {
    /// (x - mean)⁄√(variance + ε) · scale + bias for each channel, by the statistics in the file.
    static let batchNormalization = ONNXOp(
        "BatchNormalization", inputs: 5...5,
        one: { call in
            guard try !call.flag("training_mode") else { throw call.wrong("training mode is on") }
            guard try call.flag("spatial", default: true) else { throw call.wrong("`spatial` = 0 is not supported") }
            let op = try BatchNormOp(epsilon: call.float("epsilon", default: 1e-5))
            return try call.emitAll(op, [call.input(0), call.input(1), call.input(2), call.input(3), call.input(4)])[0]
        })
}
