import MartletGraph

extension ONNXOp {
    /// x with slices replaced at places given by tuples, or combined with what is there.
    static let scatterND = ONNXOp(
        "ScatterND", inputs: 3...3,
        one: { call in
            try call.emit(ScatterNDOp(reduction: call.reduction()), call.input(0), call.input(1), call.input(2))
        })
}
