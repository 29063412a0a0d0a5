import MartletGraph

extension ONNXOp {
    /// Different elements or slices, where they first stand, which of them each one is, and how many there are of it.
    static let unique = ONNXOp("Unique", inputs: 1...1) { call in
        let op = try UniqueOp(axis: call.int("axis"), isSorted: call.flag("sorted", default: true))
        return try call.emitAll(op, [call.input(0)])
    }
}
