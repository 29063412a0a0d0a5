import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: `Attention` whose product is one of 8-bit integers. Inputs: x, weights, bias, their scales, mask?, their
    /// zero points?, past?.
    static let microsoftQAttention = ONNXOp("QAttention", domain: "com.microsoft", inputs: 5...9) { call in
        guard try !call.flag("past_present_share_buffer"), try !call.flag("do_rotary") else {
            throw call.wrong("a shared cache and rotary positions are not supported")
        }
        let heads = try call.count("num_heads")
        let scale = try call.emit(BinaryOp(.mul), call.input(3), call.input(4))
        let mixed = try call.emit(
            IntegerMatMulOp(.float32), call.input(0), call.input(1), call.optional(6), call.optional(7), scale,
            call.optional(2))
        let (y, present) = try call.fusedAttention(
            mixed, heads: heads, mask: call.optional(5), past: call.optional(8), bias: nil)
        return [y, present]
    }
}
