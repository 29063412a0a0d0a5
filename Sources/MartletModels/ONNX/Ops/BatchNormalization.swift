import MartletGraph

extension ONNXOp {
    /// (x - mean)⁄√(variance + ε) · scale + bias for each channel: by the statistics in the file, or in training by those
    /// of x, which also move the running ones.
    static let batchNormalization = ONNXOp(
        "BatchNormalization", inputs: 5...5,
        build: { call in
            let inputs = try (0...4).map { try call.input($0) }
            let epsilon = try call.float("epsilon", default: 1e-5)
            // Up to opset 13, more than one output means training.
            let outputs = call.node.outputs.lastIndex { !$0.isEmpty } ?? 0
            let isTraining = try call.version < 14 ? outputs > 0 : call.flag("training_mode")
            guard try call.flag("spatial", default: true) else {
                guard !isTraining else { throw call.wrong("training with `spatial` = 0 is not supported") }
                return [try call.normalizedElements(inputs, epsilon)]
            }
            guard isTraining else { return try call.emitAll(BatchNormOp(epsilon: epsilon), inputs) }
            let axes = try (0..<call.rank(inputs[0])).filter { $0 != 1 }
            let x = try call.cast(inputs[0], to: call.dtype(inputs[3]))
            let mean = try call.emit(ReduceOp(.mean, axes: axes), x)
            let centred = try call.emit(BinaryOp(.sub), x, mean)
            let variance = try call.emit(
                ReduceOp(.mean, axes: axes, keepDims: false), call.emit(UnaryOp(.square), centred))
            let flat = try call.emit(SqueezeOp(axes: axes), mean)
            let y = try call.emitAll(BatchNormOp(epsilon: epsilon), [inputs[0], inputs[1], inputs[2], flat, variance])[
                0]
            let momentum = try call.float("momentum", default: 0.9)
            func moved(_ old: ValueID, _ new: ValueID) throws -> ValueID {
                try call.emit(
                    BinaryOp(.add), call.emit(UnaryOp(.affine, a: momentum), old),
                    call.emit(UnaryOp(.affine, a: 1 - momentum), new))
            }
            return try [y, moved(inputs[3], flat), moved(inputs[4], variance), flat, variance]
        })
}

extension ONNXCall {
    /// Statistics for each element of a row (`spatial` = 0, up to opset 8).
    fileprivate func normalizedElements(_ inputs: [ValueID], _ epsilon: Float) throws -> ValueID {
        let centred = try emit(BinaryOp(.sub), inputs[0], inputs[3])
        let deviation = try emit(UnaryOp(.sqrt), emit(UnaryOp(.affine, a: 1, b: epsilon), inputs[4]))
        let scaled = try emit(BinaryOp(.mul), emit(BinaryOp(.div), centred, deviation), inputs[1])
        return try emit(BinaryOp(.add), scaled, inputs[2])
    }
}
