import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: attention of projected queries, keys and values: packed with each other or apart, of the same tokens or of
    /// others, with biases, key padding, a bias of scores and a cache of earlier tokens.
    static let microsoftMultiHeadAttention = ONNXOp("MultiHeadAttention", domain: "com.microsoft", inputs: 1...10) {
        call in
        guard call.optional(8) == nil, call.optional(9) == nil else {
            throw call.wrong("a cache that is shared between calls is not supported")
        }
        guard call.node.outputs.count <= 3 else { throw call.wrong("its output of scores is not supported") }
        let heads = try call.count("num_heads")
        let given = try call.input(0)
        let dtype = call.dtype(given)
        let parts = try call.projected(heads)
        var (k, v) = (parts.k, parts.v)
        var present: [ValueID?] = [nil, nil]
        if call.optional(6) != nil || call.node.outputs.count > 1 {
            func cached(_ index: Int, _ new: ValueID) throws -> ValueID {
                let keys = try call.rank(new) == 4 ? new : call.headsFirst(new, heads)
                guard let past = try call.optional(index).map(call.floats) else { return keys }
                return try call.emit(ConcatOp(axis: 2), past, keys)
            }
            (k, v) = (try cached(6, k), try cached(7, v))
            present = [try call.cast(k, to: dtype), try call.cast(v, to: dtype)]
        }
        let filter = try call.float("mask_filter_value", default: -10_000)
        let padding = try call.optional(4).map { try call.keyPadding($0, keys: k, filter) }
        let bias = try call.sum([padding, call.optional(5).map(call.floats)])
        let width = call.type(parts.q).shape?.last?.fixedValue ?? 0
        let op = AttentionOp(
            heads: heads, scale: try call.scale(width / heads), isCausal: try call.flag("unidirectional"))
        let y = try call.emit(op, parts.q, k, v, bias)
        return [try call.cast(y, to: dtype)] + present
    }
}

extension ONNXCall {
    /// Queries [batch, tokens, heads·d], keys and values, with their biases added.
    fileprivate func projected(_ heads: Int) throws -> (q: ValueID, k: ValueID, v: ValueID) {
        let given = try floats(input(0))
        var parts: [ValueID]
        if try rank(given) == 5 {
            // [batch, tokens, heads, 3, d]
            parts = try unpacked(given, 3)
        } else if let key = optional(1), try rank(key) == 5 {
            parts = [given] + (try unpacked(floats(key), 2))
        } else {
            parts = [given, try floats(input(1)), try floats(input(2))]
        }
        guard let width = type(parts[0]).shape?.last?.fixedValue, width.isMultiple(of: heads) else {
            throw wrong("the length of a head is not known, or \(heads) heads do not divide it")
        }
        guard let bias = try optional(3).map(floats) else { return (parts[0], parts[1], parts[2]) }
        guard let total = type(bias).fixedShape?.first, total >= 3 * heads, try rank(parts[1]) == 3 else {
            throw wrong("the bias is not that of q, k and v")
        }
        let own = type(parts[2]).shape?.last?.fixedValue ?? width
        for (index, part) in try columns(bias, [width, width, own]).enumerated() {
            parts[index] = try emit(BinaryOp(.add), parts[index], part)
        }
        return (parts[0], parts[1], parts[2])
    }

    /// The slices of axis 3 of [batch, tokens, heads, count, d], each [batch, tokens, heads·d].
    private func unpacked(_ x: ValueID, _ count: Int) throws -> [ValueID] {
        guard let shape = type(x).shape, shape[3].fixedValue ?? count == count,
            case .fixed(let width) = shape[2] * shape[4]
        else { throw wrong("packed heads are not of known length") }
        let slices = try emitAll(SplitOp(axis: 3, count: count), [x])
        return try slices.map { try emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(width)]), $0) }
    }
}
