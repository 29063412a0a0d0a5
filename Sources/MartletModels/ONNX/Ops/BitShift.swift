import MartletGraph

extension ONNXOp {
    /// x shifted by y bits, to the LEFT or RIGHT.
    static let bitShift = ONNXOp(
        "BitShift", inputs: 2...2,
        one: { call in
            let kind = try call.choice(
                "direction", default: "", ["LEFT": BinaryOp.Kind.shiftLeft, "RIGHT": .shiftRight])
            return try call.emit(BinaryOp(kind), call.input(0), call.input(1))
        })
}
