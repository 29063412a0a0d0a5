import MartletGraph

extension ONNXOp {
    /// (x - mean)⁄(deviation + 1e-9) along axes.
    static let meanVarianceNormalization = ONNXOp(
        "MeanVarianceNormalization", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let axes = try call.ints("axes") ?? [0, 2, 3]
            let centred = try call.emit(BinaryOp(.sub), x, call.emit(ReduceOp(.mean, axes: axes), x))
            let variance = try call.emit(ReduceOp(.mean, axes: axes), call.emit(UnaryOp(.square), centred))
            let deviation = try call.emit(
                BinaryOp(.add), call.emit(UnaryOp(.sqrt), variance), call.constant(1e-9, call.dtype(x)))
            return try call.emit(BinaryOp(.div), centred, deviation)
        })
}
