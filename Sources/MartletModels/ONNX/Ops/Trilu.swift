import MartletGraph

extension ONNXOp {
    /// The upper or lower triangle of each matrix.
    static let trilu = ONNXOp(
        "Trilu", inputs: 1...2,
        one: { call in
            try call.emit(TriluOp(upper: call.flag("upper", default: true)), call.input(0), call.optional(1))
        })
}
