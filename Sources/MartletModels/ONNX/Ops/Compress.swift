import MartletGraph

extension ONNXOp {
    /// The slices along an axis, or the elements, whose condition is true; a short condition is false at its end.
    static let compress = ONNXOp(
        "Compress", inputs: 2...2,
        one: { call in
            let x = try call.input(0)
            let places = try call.emit(ReshapeOp([.fixed(-1)]), call.emit(NonZeroOp(), call.input(1)))
            guard let axis = try call.int("axis") else {
                return try call.emit(GatherOp(axis: 0), call.emit(ReshapeOp([.fixed(-1)]), x), places)
            }
            return try call.emit(GatherOp(axis: axis), x, places)
        })
}
