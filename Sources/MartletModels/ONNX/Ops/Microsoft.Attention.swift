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
        guard let width = call.type(try call.input(1)).shape?.last?.fixedValue else {
            throw call.wrong("the shape of its weights is not known")
        }
        let sizes = try call.ints("qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3]
        guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 && $0 <= width && $0.isMultiple(of: heads) }),
            sizes.reduce(0, +) == width
        else { throw call.wrong("\(width) columns are not q, k and v of \(heads) heads") }
        var mixed = try call.emit(MatMulOp(), call.floats(x), call.floats(call.input(1)))
        if let bias = call.optional(2) { mixed = try call.emit(BinaryOp(.add), mixed, call.floats(bias)) }
        let parts = try call.columns(mixed, sizes)
        var (k, v) = (parts[1], parts[2])
        var present: ValueID?
        if call.optional(4) != nil || call.node.outputs.count > 1 {
            (k, v) = (try call.headsFirst(k, heads), try call.headsFirst(v, heads))
            if let past = try call.optional(4).map(call.floats) {
                let halves = try call.emitAll(SplitOp(axis: 0, count: 2), [past]).map {
                    try call.emit(SqueezeOp(axes: [0]), $0)
                }
                k = try call.emit(ConcatOp(axis: 2), halves[0], k)
                v = try call.emit(ConcatOp(axis: 2), halves[1], v)
            }
            let both = try [k, v].map { try call.emit(UnsqueezeOp(axes: [0]), $0) }
            present = try call.cast(call.emit(ConcatOp(axis: 0), both[0], both[1]), to: dtype)
        }
        let filter = try call.float("mask_filter_value", default: -10_000)
        let padding = try call.optional(3).map { try call.keyPadding($0, keys: k, filter) }
        let bias = try call.sum([padding, call.optional(5).map(call.floats)])
        let op = AttentionOp(
            heads: heads, scale: try call.scale(sizes[0] / heads), isCausal: try call.flag("unidirectional"))
        return [try call.cast(call.emit(op, parts[0], k, v, bias), to: dtype), present]
    }
}
