import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: `EmbedLayerNormalization` of quantized tables. Inputs: ids, segment ids?, tables of words, positions and
    /// segments?, gamma, beta, mask?, then the scales of these five, then their zero points.
    static let microsoftQEmbedLayerNormalization = ONNXOp(
        "QEmbedLayerNormalization", domain: "com.microsoft", inputs: 13...18
    ) { call in
        func rows(_ table: Int, _ ids: ValueID) throws -> ValueID {
            let levels = try call.emit(GatherOp(), call.input(table), ids)
            return try call.dequantized(levels, call.input(table + 6), call.optional(table + 11), to: .float32)
        }
        let ids = try call.input(0)
        let positions = try call.positions(of: ids, from: call.constant(ints: [0]))
        var sum = try call.emit(BinaryOp(.add), rows(2, ids), rows(3, positions))
        if let segments = call.optional(1) { sum = try call.emit(BinaryOp(.add), sum, rows(4, segments)) }
        let op = try LayerNormOp(epsilon: call.float("epsilon", default: 1e-12))
        let y = try call.emit(op, sum, call.dequantizedInput(5, 11, 16), call.dequantizedInput(6, 12, 17))
        return [y, try call.tokenCounts(ids, mask: call.optional(7))]
    }
}
