import MartletGraph

extension ONNXOp {
    /// x itself: models are run, not trained. The mask output is all true.
    static let dropout = ONNXOp("Dropout", inputs: 1...3) { call in
        let x = try call.input(0)
        if let training = call.optional(2), try call.constantInts(2) != [0] {
            guard call.constantFloat(1) == 0 else { throw call.wrong("training mode is on (\(call.type(training)))") }
        }
        guard call.node.outputs.count > 1 else { return [x] }
        let shape = try call.emit(ShapeOp(), x)
        return [x, try call.emit(ConstantOfShapeOp(ScalarValue(true)), shape)]
    }
}
