import CMartletKernels

extension Kernels {
    /// softmax(scale · Q Kᵀ + bias) V over ragged sequences.
    ///
    /// Row `r`, head `h` of Q begins at `q.base + r*q.row + h*q.head`; the others likewise, so Q, K and V may be parts of
    /// one fused `[tokens, 3*hidden]` buffer, or `[batch, heads, length, dim]`.
    package struct Attention {
        package struct Matrix<Pointer> {
            package var base: Pointer
            /// Distance of rows (tokens)
            package var row: Int
            /// Distance of heads; the head dimension where heads lie side by side in a row
            package var head: Int

            package init(_ base: Pointer, row: Int, head: Int) {
                self.base = base
                self.row = row
                self.head = head
            }
        }

        /// Added to the scores: element (sequence, head, query, key) at the sum of index times stride; strides may be 0.
        package struct Bias {
            package var base: UnsafePointer<Float>
            package var sequence = 0
            package var head = 0
            package var query = 0
            package var key = 1

            package init(_ base: UnsafePointer<Float>, sequence: Int = 0, head: Int = 0, query: Int = 0, key: Int = 1) {
                self.base = base
                self.sequence = sequence
                self.head = head
                self.query = query
                self.key = key
            }
        }

        package var q: Matrix<UnsafePointer<Float>>
        package var k: Matrix<UnsafePointer<Float>>
        package var v: Matrix<UnsafePointer<Float>>
        package var out: Matrix<UnsafeMutablePointer<Float>>
        package var heads: Int
        /// Heads of K and V; divides `heads`
        package var kvHeads: Int
        package var headDim: Int
        /// First row of each sequence in Q and out, and how many: other rows of out are left alone.
        package var queryStart: UnsafePointer<Int32>
        package var queryLength: UnsafePointer<Int32>
        /// First row of each sequence in K and V, and how many are not padding.
        package var keyStart: UnsafePointer<Int32>
        package var keyLength: UnsafePointer<Int32>
        package var scale: Float
        package var bias: Bias?
        /// Query i sees keys 0 through i + keys - queries only.
        package var causal = false
        /// If not 0, only the last so many of the keys that a query would see.
        package var window = 0
        /// If not 0, scores become softcap · tanh(score ⁄ softcap) before the bias.
        package var softcap: Float = 0

        /// Self-attention: queries and keys of a sequence are the same rows unless set apart afterwards.
        package init(
            q: Matrix<UnsafePointer<Float>>, k: Matrix<UnsafePointer<Float>>, v: Matrix<UnsafePointer<Float>>,
            out: Matrix<UnsafeMutablePointer<Float>>, heads: Int, headDim: Int, start: UnsafePointer<Int32>,
            length: UnsafePointer<Int32>, scale: Float, bias: Bias? = nil, causal: Bool = false
        ) {
            self.q = q
            self.k = k
            self.v = v
            self.out = out
            self.heads = heads
            kvHeads = heads
            self.headDim = headDim
            queryStart = start
            queryLength = length
            keyStart = start
            keyLength = length
            self.scale = scale
            self.bias = bias
            self.causal = causal
        }
    }

    /// Floats of scratch that one thread needs for sequences of up to `maxKeys` keys.
    package static func attentionScratch(maxKeys: Int, headDim: Int) -> Int {
        mk_attention_scratch(maxKeys, headDim)
    }

    /// Attends for the given sequences and heads (nil: all heads), which may be spread over threads, each with its own
    /// `scratch` of ``attentionScratch(maxKeys:headDim:)`` floats. A query that sees no key yields zeros.
    package static func attention(
        _ a: Attention, sequences: Range<Int>, heads: Range<Int>? = nil, scratch: UnsafeMutablePointer<Float>
    ) {
        let heads = heads ?? 0..<a.heads
        precondition(
            a.kvHeads > 0 && a.heads % a.kvHeads == 0 && sequences.lowerBound >= 0 && heads.lowerBound >= 0
                && heads.upperBound <= a.heads, "bug: heads or sequences outside the attention")
        let b = a.bias
        var call = mk_attention(
            q: a.q.base, k: a.k.base, v: a.v.base, out: a.out.base, q_stride: a.q.row, k_stride: a.k.row,
            v_stride: a.v.row, out_stride: a.out.row, q_head_stride: a.q.head, k_head_stride: a.k.head,
            v_head_stride: a.v.head, out_head_stride: a.out.head, heads: a.heads, kv_heads: a.kvHeads,
            head_dim: a.headDim, q_start: a.queryStart, q_len: a.queryLength, k_start: a.keyStart, k_len: a.keyLength,
            scale: a.scale, causal: a.causal ? 1 : 0, window: a.window, softcap: a.softcap, bias: b?.base,
            bias_stride: (b?.sequence ?? 0, b?.head ?? 0, b?.query ?? 0, b?.key ?? 0))
        mk_attention_run(&call, scratch, sequences.lowerBound, sequences.upperBound, heads.lowerBound, heads.upperBound)
    }
}
