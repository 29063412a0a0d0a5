import MartletKernels
import MartletTensor

/// softmax(scale · q kᵀ + bias) v for each head, heads side by side in the last axis.
///
/// Inputs: q, k, v, bias?, offsets?, lengths?; with `isPacked` q holds q, k and v side by side and k, v are nil.
/// Without offsets: q [batch, queries, heads·d], k and v [batch, keys, kvHeads·d] or [batch, kvHeads, keys, d], bias broadcast to
/// [batch, heads, queries, keys]; lengths (int32 [batch]), if given, are the keys of each row that are seen at all.
/// With offsets (int32 [rows + 1], first token of each sequence) and lengths (int32 [rows]): q, k, v [tokens, heads·d], each
/// sequence sees its own first `length` tokens only; bias [1, heads, n, n] is read at places within the sequence, n at
/// least the greatest length; token rows of no sequence become zero. All float32. A query whose keys are all masked by
/// -inf gives zeros. Each of `kvHeads` heads of k and v serves heads ⁄ kvHeads heads of q. Causal: the last query sees all keys,
/// the one before it all but the last. With a `window`, only the last so many of the keys that it would see.
package struct AttentionOp: GraphOp {
    package static let name = "Attention"
    package var heads: Int
    package var scale: Float
    package var isPacked: Bool
    package var isCausal: Bool
    /// Heads of k and v; divides `heads`.
    package var kvHeads: Int
    /// 0: all keys.
    package var window: Int
    /// Scores become softcap · tanh(score ⁄ softcap) before the bias; 0: they stay.
    package var softcap: Float

    package init(
        heads: Int, scale: Float, isPacked: Bool = false, isCausal: Bool = false, kvHeads: Int? = nil, window: Int = 0,
        softcap: Float = 0
    ) {
        self.heads = heads
        self.kvHeads = kvHeads ?? heads
        self.window = window
        self.softcap = softcap
        self.scale = scale
        self.isPacked = isPacked
        self.isCausal = isCausal
    }

    package var attributes: String {
        "heads=\(heads) scale=\(scale)\(isPacked ? " packed" : "")\(isCausal ? " causal" : "")"
            + (kvHeads == heads ? "" : " kv=\(kvHeads)") + (window == 0 ? "" : " window=\(window)")
            + (softcap == 0 ? "" : " softcap=\(softcap)")
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
        guard isConsistent else { throw impossible(inputs, "\(heads) heads on \(kvHeads) of keys") }
        for index in [Self.offsetsInput, Self.lengthsInput] {
            if isRagged || optional(inputs, index) != nil {
                let input = try operand(inputs, index)
                guard input.type.dtype == .int32, input.type.rank ?? 1 == 1 else {
                    throw impossible(inputs, "offsets and lengths are int32 vectors")
                }
            }
        }
        let pieces = isPacked ? 3 : 1
        for (index, part) in parts.enumerated() {
            guard let shape = part.type.shape else { continue }
            if index > 0, !isRagged, shape.count == 4 {
                guard shape[1].fixedValue ?? kvHeads == kvHeads else {
                    throw impossible(inputs, "keys and values are not of \(kvHeads) heads")
                }
                continue
            }
            guard shape.count == (isRagged ? 2 : 3) else {
                throw impossible(inputs, "wants \(isRagged ? "[tokens, hidden]" : "[batch, tokens, hidden]")")
            }
            let count = index == 0 ? heads * pieces : kvHeads
            if let width = shape.last?.fixedValue, !width.isMultiple(of: count) {
                throw impossible(inputs, "\(width) columns do not divide among \(count) heads")
            }
        }
        guard let shape = q.type.shape else { return [ValueType(.float32, nil)] }
        let width: Dim
        if isPacked {
            width = shape[shape.count - 1] / .fixed(3)
        } else {
            width = shape[shape.count - 1]
        }
        return [ValueType(.float32, Array(shape.dropLast()) + [width])]
    }

    private var isConsistent: Bool {
        heads > 0 && heads <= 1 << 30 && kvHeads > 0 && heads.isMultiple(of: kvHeads) && (!isPacked || kvHeads == heads)
            && window >= 0
    }

    /// Of the padded form: every query against every key. Ragged runs count what they do themselves.
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let q = inputs.first ?? nil, let out = outputs.first, let width = out.last, q.count == 3 else { return 0 }
        let keys = isPacked ? q[1] : (inputs.count > 1 ? inputs[1].map { $0[$0.count == 4 ? 2 : 1] } ?? 0 : 0)
        return 4 * q[0] * q[1] * keys * width
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let q = try operand(inputs, 0, context)
        let k = isPacked ? q : try operand(inputs, 1, context)
        let v = isPacked ? q : try operand(inputs, 2, context)
        let isRagged = optional(inputs, Self.offsetsInput) != nil
        let pieces = isPacked ? 3 : 1
        let isHeadsFirst = !isPacked && !isRagged && k.rank == 4
        guard isConsistent, q.rank == (isRagged ? 2 : 3), [q, k, v].allSatisfy({ $0.dtype == .float32 }),
            q.shape[q.rank - 1].isMultiple(of: heads * pieces)
        else { throw context.invalid(self, inputs, "q, k and v do not go together") }
        let width = q.shape[q.rank - 1] / pieces
        let headDim = width / heads
        guard k.shape == v.shape, isHeadsFirst || k.rank == q.rank,
            isPacked || k.shape[k.rank - 1] == headDim * (isHeadsFirst ? 1 : kvHeads),
            !isHeadsFirst || k.shape[1] == kvHeads
        else { throw context.invalid(self, inputs, "q, k and v do not go together") }
        let result = try context.output(0, .float32, Array(q.shape.dropLast()) + [width])
        guard result.count > 0 else { return [result] }
        let rows = try rows(q, k, inputs, context, result)
        let bias = try bias(inputs, context, rows)
        let stride = width * pieces
        let part = isPacked ? width : 0
        let keyRow = isPacked ? stride : isHeadsFirst ? headDim : kvHeads * headDim
        let keyHead = isHeadsFirst ? k.shape[2] * headDim : headDim
        var call = Kernels.Attention(
            q: .init(q.floats, row: stride, head: headDim), k: .init(k.floats + part, row: keyRow, head: keyHead),
            v: .init(v.floats + 2 * part, row: keyRow, head: keyHead),
            out: .init(result.mutableFloats, row: width, head: headDim), heads: heads, headDim: headDim,
            start: rows.queryStarts.int32s, length: rows.queryLengths.int32s, scale: scale, bias: bias,
            causal: isCausal)
        call.kvHeads = kvHeads
        call.window = window
        call.softcap = softcap
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
        let isHeadsFirst = k.rank == 4
        let (batch, queries, keys) = (q.shape[0], q.shape[1], k.shape[isHeadsFirst ? 2 : 1])
        let keyStep = isHeadsFirst ? kvHeads * keys : keys
        guard k.shape[0] == batch, batch * max(queries, keyStep) <= Int(Int32.max) else {
            throw context.invalid(self, inputs, "q and k differ in batch, or are too long")
        }
        let starts = Tensor(vector: (0..<batch).map { Int32($0 * queries) })
        let keyStarts = Tensor(vector: (0..<batch).map { Int32($0 * keyStep) })
        var keyLengths = try ScalarValue(dtype: .int32, bits: UInt64(keys)).filled([batch])
        if optional(inputs, Self.lengthsInput) != nil {
            keyLengths = try operand(inputs, Self.lengthsInput, context)
            guard keyLengths.dtype == .int32, keyLengths.shape == [batch],
                keyLengths.elements(Int32.self).allSatisfy({ $0 >= 0 && Int($0) <= keys })
            else { throw context.invalid(self, inputs, "the lengths are not those of \(batch) rows of \(keys) keys") }
        }
        return Rows(
            count: batch, queryStarts: starts,
            queryLengths: try ScalarValue(dtype: .int32, bits: UInt64(queries)).filled([batch]),
            keyStarts: keyStarts, keyLengths: keyLengths,
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
