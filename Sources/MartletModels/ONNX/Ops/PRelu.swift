import MartletGraph

extension ONNXOp {
    /// x, or slope · x below zero.
    static let pRelu = ONNXOp(
        "PRelu", inputs: 2...2,
        one: { call in
            let x = try call.input(0)
            var slope = try call.input(1)
            // Up to opset 6, a vector holds one slope for each channel.
            if call.version < 7, let rank = call.type(x).rank, rank > 2, call.type(slope).rank == 1 {
                slope = try call.emit(UnsqueezeOp(axes: Array(1..<(rank - 1))), slope)
            }
            let isNegative = try call.emit(CompareOp(.lt), x, call.constant(0, call.dtype(x)))
            return try call.emit(WhereOp(), isNegative, call.emit(BinaryOp(.mul), x, slope), x)
        })
}
