import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: rotary positions of [batch, tokens, heads·d] or [batch, heads, tokens, d]; positions are given one by one, or as
    /// the first of them.
    static let microsoftRotaryEmbedding = ONNXOp(
        "RotaryEmbedding", domain: "com.microsoft", inputs: 4...4,
        one: { call in
            guard try !call.flag("is_packed_batching") else {
                throw call.wrong("`is_packed_batching` is not supported")
            }
            let given = try call.input(0)
            let isHeadsFirst = try call.rank(given) == 4
            let (cosines, sines) = (try call.input(2), try call.input(3))
            var heads = try call.int("num_heads", default: 0)
            if isHeadsFirst { heads = call.type(given).shape?[1].fixedValue ?? 0 }
            if heads == 0, let width = call.type(given).shape?.last?.fixedValue,
                let pairs = call.type(cosines).shape?.last?.fixedValue, pairs > 0
            {
                heads = width / (2 * pairs)
            }
            guard heads > 0, heads <= 1 << 20 else { throw call.wrong("the number of heads is not known") }
            let wide = try call.floats(given)
            let x = isHeadsFirst ? try call.headsLast(wide) : wide
            var positions = try call.cast(call.input(1), to: .int64)
            if try call.rank(positions) == 1 { positions = try call.positions(of: x, from: positions) }
            let turned = try call.rotated(
                x, heads: heads, positions: positions, cosines: cosines, sines: sines,
                isInterleaved: call.flag("interleaved"))
            let y = isHeadsFirst ? try call.headsFirst(turned, heads) : turned
            return try call.cast(y, to: call.dtype(given))
        })
}
