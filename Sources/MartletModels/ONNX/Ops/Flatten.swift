import MartletGraph

extension ONNXOp {
    /// A matrix: the axes before `axis` times those from it on.
    static let flatten = ONNXOp(
        "Flatten", inputs: 1...1,
        one: { call in
            try call.emit(FlattenOp(axis: call.int("axis", default: 1)), call.input(0))
        })
}
