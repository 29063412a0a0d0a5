import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: causal attention in which groups of query heads share a head of keys and values, with a cache of
    /// earlier tokens, rotary positions, a local window and a soft cap of scores.
    static let microsoftGroupQueryAttention = ONNXOp("GroupQueryAttention", domain: "com.microsoft", inputs: 7...12) {
        call in
        guard call.optional(11) == nil, try !call.flag("smooth_softmax") else {
            throw call.wrong("sinks of attention are not supported")
        }
        for name in ["k_quant_type", "v_quant_type"] where try !["", "NONE"].contains(call.string(name, default: "")) {
            throw call.wrong("a quantized cache is not supported")
        }
        guard call.node.outputs.count <= 3 else { throw call.wrong("its output of scores is not supported") }
        let (heads, kvHeads) = (try call.count("num_heads"), try call.count("kv_num_heads"))
        let given = try call.input(0)
        let dtype = call.dtype(given)
        var q = try call.floats(given)
        var k: ValueID
        let v: ValueID
        if call.optional(1) == nil {
            guard let width = call.type(q).shape?.last?.fixedValue, width.isMultiple(of: heads + 2 * kvHeads) else {
                throw call.wrong("the packed width does not divide among \(heads) and 2 · \(kvHeads) heads")
            }
            let dim = width / (heads + 2 * kvHeads)
            let parts = try call.columns(q, [heads * dim, kvHeads * dim, kvHeads * dim])
            (q, k, v) = (parts[0], parts[1], parts[2])
        } else {
            (k, v) = (try call.floats(call.input(1)), try call.floats(call.input(2)))
        }
        guard let width = call.type(q).shape?.last?.fixedValue, width.isMultiple(of: heads) else {
            throw call.wrong("the length of a head is not known")
        }
        // Tokens of each row in the cache: seqlens_k + 1 counts the new ones too, of a padded prompt only some of them.
        let tokens = try call.emit(ShapeOp(start: 1, end: 2), q)
        let last = try call.emit(ReshapeOp([.fixed(-1)]), call.cast(call.input(5), to: .int64))
        let total = try call.emit(BinaryOp(.add), last, call.constant(1, .int64))
        let past = try call.emit(
            BinaryOp(.max), call.emit(BinaryOp(.sub), total, tokens), call.constant(0, .int64))
        if try call.flag("do_rotary") {
            let isInterleaved = try call.flag("rotary_interleaved")
            let positions =
                try call.optional(9).map { try call.cast($0, to: .int64) } ?? call.positions(of: q, from: past)
            let (cosines, sines) = (try call.input(7), try call.input(8))
            q = try call.rotated(
                q, heads: heads, positions: positions, cosines: cosines, sines: sines, isInterleaved: isInterleaved)
            k = try call.rotated(
                k, heads: kvHeads, positions: positions, cosines: cosines, sines: sines, isInterleaved: isInterleaved)
        }
        let length = try call.cast(call.input(6), to: .int64)
        func present(_ index: Int, _ new: ValueID) throws -> ValueID {
            let cache = try call.optional(index).map(call.floats)
            return try call.emit(AppendKeysOp(heads: kvHeads), cache, new, past, length)
        }
        let (keys, values) = (try present(3, k), try present(4, v))
        let window = try call.int("local_window_size", default: -1)
        let op = AttentionOp(
            heads: heads, scale: try call.scale(width / heads), isCausal: true, kvHeads: kvHeads,
            window: Swift.max(0, window), softcap: try call.float("softcap", default: 0))
        let lengths = try call.cast(call.emit(BinaryOp(.add), past, tokens), to: .int32)
        let bias = try call.optional(10).map(call.floats)
        let y = try call.emit(op, q, keys, values, bias, nil, lengths)
        return [try call.cast(y, to: dtype), try call.cast(keys, to: dtype), try call.cast(values, to: dtype)]
    }
}

extension ONNXCall {
    /// The attribute `scale`, of which 0 means 1 ⁄ √d.
    func scale(_ dim: Int) throws -> Float {
        let scale = try float("scale", default: 0)
        return scale == 0 ? 1 / Float(Swift.max(dim, 1)).squareRoot() : scale
    }
}
