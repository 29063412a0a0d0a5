import MartletGraph
import MartletTensor

extension ONNXOp {
    /// softmax(softcap(q kᵀ · scale) + mask) v, heads in an axis of their own or side by side in the last one.
    ///
    /// Groups of query heads may share a key head; keys and values of the past come first. A cache that the caller keeps has
    /// `nonpad_kv_seqlen` keys that count for each batch row. Each query may see the keys of a window around it only.
    static let attention = ONNXOp("Attention", inputs: 3...7) { call in
        guard call.optional(6) == nil || call.optional(4) == nil else {
            throw call.wrong("`nonpad_kv_seqlen` does not go with `past_key`")
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
        // v may be of a type of its own.
        var y = try call.cast(call.emit(MatMulOp(), call.cast(weights, to: call.dtype(value)), value), to: dtype)
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
    func repeatHeads(_ x: ValueID, like query: ValueID) throws -> ValueID {
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

    /// Scores [batch, heads, queries, keys] with the mask added, and hidden where a key must not be seen.
    fileprivate func masked(_ scores: ValueID, query: ValueID) throws -> ValueID {
        var result = scores
        let dtype = dtype(scores)
        let hidden = try constant(-.infinity, dtype)
        if let isSeen = try isSeen(scores) { result = try emit(WhereOp(), isSeen, result, hidden) }
        guard let mask = try optional(3).map({ try filled($0, like: scores) }) else { return result }
        if self.dtype(mask) == .bool { return try emit(WhereOp(), mask, result, hidden) }
        return try emit(BinaryOp(.add), result, cast(mask, to: dtype))
    }

    /// A mask that is shorter than the keys, with the others hidden.
    private func filled(_ mask: ValueID, like scores: ValueID) throws -> ValueID {
        let rank = try rank(mask)
        guard rank > 0 else { return mask }
        if let own = type(mask).shape?.last, let keys = type(scores).shape?.last, own.isSame(as: keys) { return mask }
        let missing = try emit(
            BinaryOp(.sub), emit(ShapeOp(start: 3, end: 4), scores), emit(ShapeOp(start: rank - 1, end: rank), mask))
        let pads = try emit(ConcatOp(axis: 0), constant(ints: [Int](repeating: 0, count: 2 * rank - 1)), missing)
        let value = try constant(dtype(mask) == .bool ? 0 : -.infinity, dtype(mask))
        return try emit(PadOp(.constant), mask, pads, value)
    }

    /// Whether each query may see each key, by causality, window and number of keys, broadcast to [batch, heads, queries,
    /// keys]; nil if all may be seen.
    private func isSeen(_ scores: ValueID) throws -> ValueID? {
        let isCausal = try flag("is_causal")
        let left = try int("left_window_size", default: -1)
        let right = try int("right_window_size", default: -1)
        guard left >= -1, right >= -1 else { throw wrong("a window's size is negative") }
        let counts = try optional(6).map { try emit(UnsqueezeOp(axes: [1, 2, 3]), cast($0, to: .int64)) }
        guard isCausal || left >= 0 || right >= 0 || counts != nil else { return nil }
        func number(_ value: Int) -> ValueID { constant(Tensor(scalar: Int64(value))) }
        func places(_ axis: Int) throws -> ValueID {
            let length = try emit(ReshapeOp([]), emit(ShapeOp(start: axis, end: axis + 1), scores))
            return try emit(RangeOp(), number(0), length, number(1))
        }
        let keys = try places(3)
        var parts: [ValueID] = []
        if isCausal || left >= 0 || right >= 0 {
            // Query i of this call stands after the keys of the past.
            var query = try emit(UnsqueezeOp(axes: [1]), places(2))
            if let counts {
                let own = try emit(ReshapeOp([]), emit(ShapeOp(start: 2, end: 3), scores))
                query = try emit(BinaryOp(.add), query, emit(BinaryOp(.sub), counts, own))
            } else if let past = optional(4) {
                let length = try emit(ReshapeOp([]), emit(ShapeOp(start: 2, end: 3), past))
                query = try emit(BinaryOp(.add), query, length)
            }
            let distance = try emit(BinaryOp(.sub), query, keys)
            if isCausal { parts.append(try emit(CompareOp(.ge), distance, number(0))) }
            if left >= 0 { parts.append(try emit(CompareOp(.le), distance, number(left))) }
            if right >= 0 { parts.append(try emit(CompareOp(.ge), distance, number(-right))) }
        }
        if let counts { parts.append(try emit(CompareOp(.lt), keys, counts)) }
        return try chain(LogicalOp(.and), parts)
    }
}
