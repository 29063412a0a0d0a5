import MartletKernels
import MartletTensor

/// softmax(scale · q kᵀ + bias) v for each head, heads side by side in the last axis.
///
/// Inputs: q, k, v, bias?, offsets?, lengths?; with `isPacked` q holds q, k and v side by side and k, v are nil.
/// Without offsets: q [batch, queries, heads·d], k and v [batch, keys, heads·d], bias broadcast to [batch, heads, queries, keys].
/// With offsets (int32 [rows + 1], first token of each sequence) and lengths (int32 [rows]): q, k, v [tokens, heads·d], each
/// sequence sees its own first `length` tokens only; bias [1, heads, n, n] is read at places within the sequence, n at
/// least the greatest length; token rows of no sequence become zero. All float32. A query whose keys are all masked by
/// -inf gives zeros.
package struct AttentionOp: GraphOp {
    package static let name = "Attention"
    package var heads: Int
    package var scale: Float
    package var isPacked: Bool
    package var isCausal: Bool

    package init(heads: Int, scale: Float, isPacked: Bool = false, isCausal: Bool = false) {
        self.heads = heads
        self.scale = scale
        self.isPacked = isPacked
        self.isCausal = isCausal
    }

    package var attributes: String {
        "heads=\(heads) scale=\(scale)\(isPacked ? " packed" : "")\(isCausal ? " causal" : "")"
    }

    package static let biasInput = 3
    package static let offsetsInput = 4
    package static let lengthsInput = 5

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let q = try operand(inputs, 0)
        let isRagged = optional(inputs, Self.offsetsInput) != nil
        var parts = [q]
        if !isPacked { parts += [try operand(inputs, 1), try operand(inputs, 2)] }
        for part in parts + [optional(inputs, Self.biasInput)].compactMap({ $0 })
        where part.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(part.type.dtype.name)")
        }
        guard heads > 0 else { throw impossible(inputs, "\(heads) heads") }
        if isRagged {
            for index in [Self.offsetsInput, Self.lengthsInput] {
                let input = try operand(inputs, index)
                guard input.type.dtype == .int32, input.type.rank ?? 1 == 1 else {
                    throw impossible(inputs, "offsets and lengths are int32 vectors")
                }
            }
        }
        let pieces = isPacked ? 3 : 1
        for part in parts {
            guard let shape = part.type.shape else { continue }
            guard shape.count == (isRagged ? 2 : 3) else {
                throw impossible(inputs, "wants \(isRagged ? "[tokens, hidden]" : "[batch, tokens, hidden]")")
            }
            if let width = shape.last?.fixedValue, !width.isMultiple(of: heads * pieces) {
                throw impossible(inputs, "\(width) columns do not divide among \(heads) heads")
            }
        }
        guard let shape = q.type.shape else { return [ValueType(.float32, nil)] }
        let width: Dim
        if isPacked {
            width = shape[shape.count - 1] / .fixed(3)
        } else {
            width = parts[2].type.shape?.last ?? .unknown
        }
        return [ValueType(.float32, Array(shape.dropLast()) + [width])]
    }

    /// Of the padded form: every query against every key. Ragged runs count what they do themselves.
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let q = inputs.first ?? nil, let out = outputs.first, let width = out.last, q.count == 3 else { return 0 }
        let keys = isPacked ? q[1] : (inputs.count > 1 ? inputs[1]?[1] ?? 0 : 0)
        return 4 * q[0] * q[1] * keys * width
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let q = try operand(inputs, 0, context)
        let k = isPacked ? q : try operand(inputs, 1, context)
        let v = isPacked ? q : try operand(inputs, 2, context)
        let isRagged = optional(inputs, Self.offsetsInput) != nil
        let pieces = isPacked ? 3 : 1
        guard heads > 0, q.rank == (isRagged ? 2 : 3), k.rank == q.rank, v.rank == q.rank,
            [q, k, v].allSatisfy({ $0.dtype == .float32 && $0.shape[q.rank - 1].isMultiple(of: heads * pieces) }),
            k.shape.last == q.shape.last, v.shape.last == q.shape.last, k.shape.dropLast() == v.shape.dropLast()
        else { throw context.invalid(self, inputs, "q, k and v do not go together") }
        let width = q.shape[q.rank - 1] / pieces
        let result = try context.output(0, .float32, Array(q.shape.dropLast()) + [width])
        guard result.count > 0 else { return [result] }
        let rows = try rows(q, k, inputs, context, result)
        let bias = try bias(inputs, context, rows)
        let stride = width * pieces
        let part = isPacked ? width : 0
        let headDim = width / heads
        var call = Kernels.Attention(
            q: .init(q.floats, row: stride, head: headDim), k: .init(k.floats + part, row: stride, head: headDim),
            v: .init(v.floats + 2 * part, row: stride, head: headDim),
            out: .init(result.mutableFloats, row: width, head: headDim), heads: heads, headDim: headDim,
            start: rows.queryStarts.int32s, length: rows.queryLengths.int32s, scale: scale, bias: bias,
            causal: isCausal)
        call.keyStart = rows.keyStarts.int32s
        call.keyLength = rows.keyLengths.int32s
        try runSpread(call, rows, context)
        if isRagged { context.flops += 4 * width * rows.pairs }
        return [result]
    }

    /// Which rows each sequence reads.
    private struct Rows {
        var count: Int
        var queryStarts: Tensor
        var queryLengths: Tensor
        var keyStarts: Tensor
        var keyLengths: Tensor
        var longestQuery: Int
        var longestKey: Int
        /// Sum of queries times keys over all sequences.
        var pairs: Int
    }

    private func rows(
        _ q: Tensor, _ k: Tensor, _ inputs: [Tensor?], _ context: RunContext, _ result: Tensor
    ) throws -> Rows {
        if optional(inputs, Self.offsetsInput) != nil {
            let offsets = try operand(inputs, Self.offsetsInput, context)
            let lengths = try operand(inputs, Self.lengthsInput, context)
            let tokens = q.shape[0]
            guard k.shape[0] == tokens, let segments = Segments(offsets: offsets, lengths: lengths, tokens: tokens)
            else { throw context.invalid(self, inputs, "offsets and lengths do not describe these tokens") }
            let width = result.shape[1]
            segments.forEachGap(tokens: tokens) { gap in
                (result.mutableFloats + gap.lowerBound * width).update(repeating: 0, count: gap.count * width)
            }
            let longest = segments.longest
            let pairs = (0..<segments.count).reduce(0) { $0 + Int(segments.lengths[$1]) * Int(segments.lengths[$1]) }
            return Rows(
                count: segments.count, queryStarts: offsets, queryLengths: lengths, keyStarts: offsets,
                keyLengths: lengths, longestQuery: longest, longestKey: longest, pairs: pairs)
        }
        let (batch, queries, keys) = (q.shape[0], q.shape[1], k.shape[1])
        guard k.shape[0] == batch, batch * max(queries, keys) <= Int(Int32.max) else {
            throw context.invalid(self, inputs, "q and k differ in batch, or are too long")
        }
        let starts = Tensor(vector: (0..<batch).map { Int32($0 * queries) })
        let keyStarts = Tensor(vector: (0..<batch).map { Int32($0 * keys) })
        return Rows(
            count: batch, queryStarts: starts,
            queryLengths: try ScalarValue(dtype: .int32, bits: UInt64(queries)).filled([batch]),
            keyStarts: keyStarts, keyLengths: try ScalarValue(dtype: .int32, bits: UInt64(keys)).filled([batch]),
            longestQuery: queries, longestKey: keys, pairs: batch * queries * keys)
    }

    private func bias(_ inputs: [Tensor?], _ context: RunContext, _ rows: Rows) throws -> Kernels.Attention.Bias? {
        guard optional(inputs, Self.biasInput) != nil else { return nil }
        let given = try operand(inputs, Self.biasInput, context)
        let isRagged = optional(inputs, Self.offsetsInput) != nil
        let shape = [Int](repeating: 1, count: max(0, 4 - given.rank)) + given.shape
        let wanted = [isRagged ? 1 : rows.count, heads, rows.longestQuery, rows.longestKey]
        guard given.dtype == .float32, shape.count == 4,
            zip(shape, wanted).enumerated().allSatisfy({ axis, sizes in
                sizes.0 == 1 || sizes.0 == sizes.1 || isRagged && axis >= 2 && sizes.0 > sizes.1
            })
        else { throw context.invalid(self, inputs, "the bias does not go together with scores of \(wanted)") }
        let dense = rowMajorStrides(shape)
        let strides = (0..<4).map { shape[$0] == 1 ? 0 : dense[$0] }
        return Kernels.Attention.Bias(
            given.floats, sequence: strides[0], head: strides[1], query: strides[2], key: strides[3])
    }

    /// Spreads sequences, or the heads of few sequences, over the pool.
    private func runSpread(_ call: Kernels.Attention, _ rows: Rows, _ context: RunContext) throws {
        let threads = context.pool?.threadCount ?? 1
        let bySequence = rows.count >= 2 * threads || threads == 1
        let units = bySequence ? rows.count : rows.count * heads
        let isSmall = rows.pairs * heads * call.headDim < 50_000
        let pieces = threads == 1 || isSmall ? 1 : min(units, threads * 4)
        let each = (Kernels.attentionScratch(maxKeys: rows.longestKey, headDim: call.headDim) + 15) / 16 * 16
        let scratch = try context.scratch(byteCount: each * pieces * 4).assumingMemoryBound(to: Float.self)
        let share = SharedCall(call: call, scratch: scratch)
        let heads = heads
        context.parallelFor(pieces) { piece in
            let mine = units * piece / pieces..<units * (piece + 1) / pieces
            let own = share.scratch + piece * each
            if bySequence {
                Kernels.attention(share.call, sequences: mine, scratch: own)
            } else {
                for unit in mine {
                    let sequence = unit / heads
                    let head = unit % heads
                    Kernels.attention(
                        share.call, sequences: sequence..<sequence + 1, heads: head..<head + 1, scratch: own)
                }
            }
        }
    }

    private struct SharedCall: @unchecked Sendable {
        let call: Kernels.Attention
        let scratch: UnsafeMutablePointer<Float>
    }
}
