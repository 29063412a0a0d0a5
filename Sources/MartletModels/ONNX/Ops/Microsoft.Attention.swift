import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: attention with the product that makes q, k and v side by side, as its optimizer fuses BERT's and GPT-2's.
    static let microsoftAttention = ONNXOp("Attention", domain: "com.microsoft", inputs: 2...7) { call in
        guard call.optional(6) == nil, try !call.flag("past_present_share_buffer"), try !call.flag("do_rotary") else {
            throw call.wrong("a shared cache and rotary positions are not supported")
        }
        let heads = try call.count("num_heads")
        let x = try call.input(0)
        let dtype = call.dtype(x)
        var mixed = try call.emit(MatMulOp(), call.floats(x), call.floats(call.input(1)))
        if let bias = call.optional(2) { mixed = try call.emit(BinaryOp(.add), mixed, call.floats(bias)) }
        let (y, present) = try call.fusedAttention(
            mixed, heads: heads, mask: call.optional(3), past: call.optional(4), bias: call.optional(5))
        return [try call.cast(y, to: dtype), try present.map { try call.cast($0, to: dtype) }]
    }
}

extension ONNXCall {
    /// Attention of what the product that makes q, k and v side by side gave, in float32, and the cache of k and v if one is
    /// wanted.
    func fusedAttention(
        _ mixed: ValueID, heads: Int, mask: ValueID?, past: ValueID?, bias: ValueID?
    ) throws -> (y: ValueID, present: ValueID?) {
        guard let width = type(try input(1)).shape?.last?.fixedValue else {
            throw wrong("the shape of its weights is not known")
        }
        let sizes = try ints("qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3]
        guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 && $0 <= width && $0.isMultiple(of: heads) }),
            sizes.reduce(0, +) == width
        else { throw wrong("\(width) columns are not q, k and v of \(heads) heads") }
        let parts = try columns(mixed, sizes)
        var (k, v) = (parts[1], parts[2])
        var present: ValueID?
        if past != nil || node.outputs.count > 1 {
            (k, v) = (try headsFirst(k, heads), try headsFirst(v, heads))
            if let past {
                let halves = try emitAll(SplitOp(axis: 0, count: 2), [floats(past)]).map {
                    try emit(SqueezeOp(axes: [0]), $0)
                }
                k = try emit(ConcatOp(axis: 2), halves[0], k)
                v = try emit(ConcatOp(axis: 2), halves[1], v)
            }
            let both = try [k, v].map { try emit(UnsqueezeOp(axes: [0]), $0) }
            present = try emit(ConcatOp(axis: 0), both[0], both[1])
        }
        let filter = try float("mask_filter_value", default: -10_000)
        let padding = try mask.map { try keyPadding($0, keys: k, filter) }
        let scoreBias = try sum([padding, bias.map(floats)])
        let op = AttentionOp(
            heads: heads, scale: try scale(sizes[0] / heads), isCausal: try flag("unidirectional"))
        return (try emit(op, parts[0], k, v, scoreBias), present)
    }
}
