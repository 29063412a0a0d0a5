import MartletGraph

extension ONNXOp {
    /// Attention by a matrix for each head that is decayed, corrected, added to and read at each step.
    static let linearAttention = ONNXOp("LinearAttention", inputs: 3...6) { call in
        let rule = try call.string("update_rule", default: "gated_delta")
        guard ["linear", "gated", "delta", "gated_delta"].contains(rule) else {
            throw call.wrong("attribute update_rule = `\(rule)` is not supported")
        }
        guard (call.optional(4) != nil) == rule.contains("gated"), (call.optional(5) != nil) == rule.contains("delta")
        else { throw call.wrong("update_rule = `\(rule)` does not go with its inputs decay and beta") }
        guard let queries = try call.int("q_num_heads"), let heads = try call.int("kv_num_heads") else {
            throw call.wrong("the numbers of heads are missing")
        }
        let scale = try call.float("scale", default: 0)
        let op = LinearAttentionOp(queryHeads: queries, heads: heads, scale: scale == 0 ? nil : scale)
        return try call.emitAll(op, (0..<6).map { $0 < 3 ? try call.input($0) : call.optional($0) })
    }
}
