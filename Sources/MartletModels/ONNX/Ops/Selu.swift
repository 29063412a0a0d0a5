import MartletGraph

extension ONNXOp {
    /// γx, or γα(eˣ - 1) below zero.
    static let selu = ONNXOp(
        "Selu", inputs: 1...1,
        one: { call in
            try call.emit(
                UnaryOp(
                    .selu, a: call.float("alpha", default: 1.673_263_2), b: call.float("gamma", default: 1.050_701)),
                call.input(0))
        })
}
