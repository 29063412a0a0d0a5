import MartletGraph
import MartletTensor

extension ONNXOp {
    /// x stretched. Scales are an attribute up to opset 8, an input in 9.
    static let upsample = ONNXOp(
        "Upsample", inputs: 1...2,
        one: { call in
            let mode = try call.choice("mode", default: "nearest", call.resizeModes)
            let op = ResizeOp(mode, coordinates: .asymmetric, nearestMode: .simple)
            guard call.version < 9 else { return try call.emit(op, call.input(0), nil, call.input(1)) }
            guard let scales = try call.floats("scales") else { throw call.wrong("attribute `scales` is missing") }
            return try call.emit(op, call.input(0), nil, call.constant(Tensor(vector: scales)))
        })
}
