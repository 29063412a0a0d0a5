import MartletGraph

extension ONNXOp {
    /// Fourier transforms of frames of a signal.
    static let stft = ONNXOp(
        "STFT", inputs: 2...4,
        one: { call in
            let op = try STFTOp(isOneSided: call.flag("onesided", default: true))
            return try call.emit(op, call.input(0), call.input(1), call.optional(2), call.optional(3))
        })
}
