import MartletGraph
import MartletTensor

extension ONNXOp {
    /// softmax(softcap(q kᵀ · scale) + mask) v, heads in an axis of their own or side by side in the last one.
    ///
    /// Groups of query heads may share a key head; keys and values of the past come first. Windows and `nonpad_kv_seqlen`
    /// are not supported.
    static let attention = ONNXOp("Attention", inputs: 3...7) { call in
        guard call.optional(6) == nil else { throw call.wrong("`nonpad_kv_seqlen` is not supported") }
        for name in ["left_window_size", "right_window_size"] where try call.int(name, default: -1) != -1 {
            throw call.wrong("`\(name)` is not supported")
        }
        let query = try call.heads(0, count: "q_num_heads")
        var key = try call.heads(1, count: "kv_num_heads")
        var value = try call.heads(2, count: "kv_num_heads")
        if let past = call.optional(4) { key = try call.emit(ConcatOp(axis: 2), past, key) }
        if let past = call.optional(5) { value = try call.emit(ConcatOp(axis: 2), past, value) }
        let (presentKey, presentValue) = (key, value)
        key = try call.repeatHeads(key, like: query)
        value = try call.repeatHeads(value, like: query)

        let width = call.type(query).shape?.last?.fixedValue
        guard let scale = try call.float("scale") ?? width.map({ 1 / Float(Swift.max($0, 1)).squareRoot() }) else {
            throw call.wrong("the length of a head is not known")
        }
        let dtype = call.dtype(query)
        let transposed = try call.emit(TransposeOp([0, 1, 3, 2]), key)
        // The square root on both sides, as the standard has it, keeps half-precision products in range.
        let root = try call.constant(Double(scale).squareRoot(), dtype)
        let raw = try call.emit(
            MatMulOp(), call.emit(BinaryOp(.mul), query, root), call.emit(BinaryOp(.mul), transposed, root))
        var capped = raw
        let cap = try call.float("softcap", default: 0)
        if cap != 0 {
            let limit = try call.constant(Double(cap), dtype)
            let ratio = try call.emit(BinaryOp(.div), raw, limit)
            capped = try call.emit(BinaryOp(.mul), call.emit(UnaryOp(.tanh), ratio), limit)
        }
        let masked = try call.masked(capped, query: query)
        let precise = try call.cast(masked, to: call.dtype("softmax_precision") ?? dtype)
        var weights = try call.cast(call.emit(SoftmaxOp(), precise), to: dtype)
        if masked != capped {
            // A query that may see no key at all sees zeros.
            let most = try call.emit(ReduceOp(.max, axes: [3]), masked)
            let isBlind = try call.emit(CompareOp(.eq), most, call.constant(-.infinity, dtype))
            weights = try call.emit(WhereOp(), isBlind, call.constant(0, dtype), weights)
        }
        var y = try call.emit(MatMulOp(), weights, value)
        if try call.rank(call.input(0)) == 3 {
            let shape = try call.emit(TransposeOp([0, 2, 1, 3]), y)
            y = try call.emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(-1)]), shape)
        }
        let shown = [raw, capped, masked, weights]
        let mode = try call.int("qk_matmul_output_mode", default: 0)
        guard shown.indices.contains(mode) else { throw call.wrong("`qk_matmul_output_mode` is \(mode)") }
        return [y, presentKey, presentValue, shown[mode]]
    }
}

extension ONNXCall {
    /// Input `index` as [batch, heads, length, width].
    fileprivate func heads(_ index: Int, count attribute: String) throws -> ValueID {
        let x = try input(index)
        let rank = try rank(x)
        guard rank != 4 else { return x }
        guard rank == 3, let count = try int(attribute), count > 0, count < 1 << 20 else {
            throw wrong("it wants q, k and v of rank 4, or of rank 3 and numbers of heads")
        }
        if let width = type(x).shape?[2].fixedValue, !width.isMultiple(of: count) {
            throw wrong("\(width) columns do not divide among \(count) heads")
        }
        let width = type(x).shape.map { $0[2] / .fixed(count) } ?? .unknown
        guard case .fixed = width else { throw wrong("the length of a head is not known") }
        let split = try emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(count), width]), x)
        return try emit(TransposeOp([0, 2, 1, 3]), split)
    }

    /// Each key head once for every query head of its group.
    fileprivate func repeatHeads(_ x: ValueID, like query: ValueID) throws -> ValueID {
        guard let heads = type(query).shape?[1].fixedValue, let shape = type(x).shape, let own = shape[1].fixedValue,
            case .fixed = shape[3]
        else { throw wrong("the numbers of heads are not known") }
        guard heads != own else { return x }
        guard own > 0, heads.isMultiple(of: own) else { throw wrong("\(heads) heads do not divide among \(own)") }
        let one = Dim.fixed(1)
        let spread = try emit(
            ExpandOp([one, one, .fixed(heads / own), one, one]), emit(UnsqueezeOp(axes: [2]), x))
        return try emit(ReshapeOp([.fixed(0), .fixed(heads), .fixed(-1), shape[3]]), spread)
    }

    /// Scores [batch, heads, queries, keys] with the mask added and, if causal, later keys hidden.
    fileprivate func masked(_ scores: ValueID, query: ValueID) throws -> ValueID {
        var result = scores
        let dtype = dtype(scores)
        let hidden = try constant(-.infinity, dtype)
        if try flag("is_causal") {
            // Query i of this call stands after the keys of the past.
            let shape = try emit(ShapeOp(start: 2, end: 4), scores)
            let ones = try emit(ConstantOfShapeOp(ScalarValue(Float(1))), shape)
            let past: ValueID
            if let key = optional(4) {
                past = try emit(ReshapeOp([]), emit(ShapeOp(start: 2, end: 3), key))
            } else {
                past = constant(Tensor(scalar: Int64(0)))
            }
            let isSeen = try emit(CastOp(.bool), emit(TriluOp(upper: false), ones, past))
            result = try emit(WhereOp(), isSeen, result, hidden)
        }
        guard let mask = optional(3) else { return result }
        if self.dtype(mask) == .bool { return try emit(WhereOp(), mask, result, hidden) }
        return try emit(BinaryOp(.add), result, cast(mask, to: dtype))
    }
}
