import MartletGraph

extension ONNXOp {
    /// Columns of x by number; of a vector a matrix of one row.
    static let mlArrayFeatureExtractor = ONNXOp(
        "ArrayFeatureExtractor", domain: "ai.onnx.ml", inputs: 2...2,
        one: { call in
            let x = try call.input(0)
            let places = try call.emit(ReshapeOp(), call.input(1), call.constant(ints: [-1]))
            let columns = try call.emit(GatherOp(axis: -1), x, places)
            return call.type(x).rank == 1 ? try call.emit(UnsqueezeOp(axes: [0]), columns) : columns
        })
}
