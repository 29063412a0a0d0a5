import MartletKernels

/// Attention over packed short texts, texts of 128 and of 512 tokens.
func benchAttention() {
    print("\n attention, 12 heads: FLOP of the two products over time")
    for (dim, lengths) in [
        (32, (0..<64).map { 8 + $0 * 34 / 63 }), (64, (0..<64).map { 8 + $0 * 34 / 63 }),
        (32, [Int](repeating: 128, count: 8)), (64, [Int](repeating: 128, count: 8)), (32, [512, 512]),
        (64, [512, 512]),
    ] {
        let heads = 12
        let hidden = heads * dim
        let tokens = lengths.reduce(0, +)
        let (x, out) = (numbers(tokens * 3 * hidden), numbers(tokens * hidden))
        let start = UnsafeMutablePointer<Int32>.allocate(capacity: lengths.count)
        let length = UnsafeMutablePointer<Int32>.allocate(capacity: lengths.count)
        var row = 0
        for (i, l) in lengths.enumerated() {
            start[i] = Int32(row)
            length[i] = Int32(l)
            row += l
        }
        let scratch = numbers(Kernels.attentionScratch(maxKeys: 512, headDim: dim))
        let call = Kernels.Attention(
            q: .init(x, row: 3 * hidden, head: dim), k: .init(x + hidden, row: 3 * hidden, head: dim),
            v: .init(x + 2 * hidden, row: 3 * hidden, head: dim), out: .init(out, row: hidden, head: dim), heads: heads,
            headDim: dim, start: start, length: length, scale: 0.125)
        let (times, peak) = inTurn([{ Kernels.attention(call, sequences: 0..<lengths.count, scratch: scratch) }])
        let flop = lengths.map { 4 * Double($0 * $0 * hidden) }.reduce(0, +)
        // A whole encoder layer at this hidden size does this many FLOP per token in its four products.
        let layer = 24 * Double(hidden * hidden) / peak
        print(
            "  dim \(dim), mean length \(fixed(Double(tokens) / Double(lengths.count), 0, 3)):"
                + " \(fixed(flop / times[0] / 1e9, 1, 6)) GF/s, \(fixed(100 * flop / times[0] / peak, 1, 5)) % of peak,"
                + " \(fixed(times[0] / Double(tokens) * 1e9, 0, 6)) ns/token,"
                + " \(fixed(100 * times[0] / Double(tokens) / layer, 1, 5)) % of the layer's products at peak")
    }
}

/// What is not a product, per token.
func benchRows() {
    print("\n rows, ns per token and share of a layer's products at peak")
    let rows = 512
    for hidden in [384, 768] {
        let wide = 4 * hidden
        let (x, r, y) = (numbers(rows * wide), numbers(rows * wide), numbers(rows * wide))
        let (gamma, beta) = (numbers(wide), numbers(wide))
        let (times, peak) = inTurn([
            {
                Kernels.layerNorm(
                    x, residual: r, gamma: gamma, beta: beta, epsilon: 1e-12, into: y, rows: rows, columns: hidden)
            },
            { Kernels.unary(.geluErf, x, into: y, count: rows * wide) },
            { Kernels.unary(.erf, x, into: y, count: rows * wide) },
            { Kernels.unary(.exp, x, into: y, count: rows * wide) },
            { Kernels.softmax(x, into: y, rows: rows, columns: hidden) },
        ])
        let layer = 24 * Double(hidden * hidden) / peak
        for (name, time) in zip(
            ["layer norm + residual", "gelu (4h)", "erf (4h)", "exp (4h)", "softmax"], times)
        {
            let each = time / Double(rows)
            print(
                "  hidden \(hidden) \(name): \(fixed(each * 1e9, 1, 7)) ns, \(fixed(100 * each / layer, 2, 5)) %")
        }
    }
}
