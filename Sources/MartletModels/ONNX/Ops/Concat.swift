import MartletGraph

extension ONNXOp {
    /// Tensors one after the other along an axis.
    static let concat = ONNXOp(
        "Concat", inputs: 1...Int.max,
        one: { call in
            guard let axis = try call.int("axis") ?? (call.version < 4 ? 1 : nil) else {
                throw call.wrong("attribute `axis` is missing")
            }
            let inputs = try call.allInputs()
            return try inputs.count == 1 ? inputs[0] : call.emitAll(ConcatOp(axis: axis), inputs)[0]
        })
}
