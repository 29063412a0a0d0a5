import MartletGraph

extension ONNXOp {
    /// Slices of x at places given by tuples.
    static let gatherND = ONNXOp(
        "GatherND", inputs: 2...2,
        one: { call in
            try call.emit(GatherNDOp(batchDims: call.int("batch_dims", default: 0)), call.input(0), call.input(1))
        })
}
