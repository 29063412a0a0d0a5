import MartletGraph

extension ONNXOp {
    /// min(max(x, low), high); bounds are attributes up to opset 10, inputs from 11 on.
    static let clip = ONNXOp(
        "Clip", inputs: 1...3,
        one: { call in
            let x = try call.input(0)
            var low = call.optional(1)
            var high = call.optional(2)
            if call.version < 11 {
                low = try call.float("min").map { try call.constant(Double($0), call.dtype(x)) }
                high = try call.float("max").map { try call.constant(Double($0), call.dtype(x)) }
            }
            return try call.emit(ClipOp(), x, low, high)
        })
}
