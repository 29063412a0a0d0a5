import MartletGraph

extension ONNXOp {
    /// Largest element in the bins of regions.
    static let maxRoiPool = ONNXOp(
        "MaxRoiPool", inputs: 2...2,
        one: { call in
            guard let shape = try call.ints("pooled_shape"), shape.count == 2 else {
                throw call.wrong("attribute `pooled_shape` is no height and width")
            }
            let op = try RoiPoolOp(
                height: shape[0], width: shape[1], scale: call.float("spatial_scale", default: 1))
            return try call.emit(op, call.input(0), call.input(1))
        })
}
