import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: layer norm of the sum of word, position and segment embeddings; the number of tokens that a mask keeps; the
    /// sum itself.
    static let microsoftEmbedLayerNormalization = ONNXOp(
        "EmbedLayerNormalization", domain: "com.microsoft", inputs: 7...9
    ) { call in
        let ids = try call.input(0)
        var sum = try call.emit(GatherOp(), call.input(2), ids)
        var positions = call.optional(8)
        if positions == nil { positions = try call.positions(of: ids, from: call.constant(ints: [0])) }
        let places = try call.emit(GatherOp(), call.input(3), positions)
        sum = try call.emit(BinaryOp(.add), sum, places)
        if let segments = call.optional(1) {
            sum = try call.emit(BinaryOp(.add), sum, call.emit(GatherOp(), call.input(4), segments))
        }
        let op = try LayerNormOp(epsilon: call.float("epsilon", default: 1e-12))
        let y = try call.emit(op, sum, call.input(5), call.input(6))
        return [y, try call.tokenCounts(ids, mask: call.optional(7)), sum]
    }
}

extension ONNXCall {
    /// How many tokens of each sequence a mask keeps; 0 without one.
    func tokenCounts(_ ids: ValueID, mask: ValueID?) throws -> ValueID {
        if let mask { return try emit(ReduceOp(.sum, axes: [1], keepDims: false), cast(mask, to: .int32)) }
        let shape = try emit(ShapeOp(start: 0, end: 1), ids)
        return try emit(ConstantOfShapeOp(ScalarValue(dtype: .int32, bits: 0)), shape)
    }
}
