import CMartletKernels

extension Kernels {
    /// One row of an LSTM with sigmoid, tanh and tanh. `x` + `r` are the gates `[4][n]` in the order i, o, f, c with their
    /// biases; `peephole` is `[3][n]` (i, o, f). Arguments of activations are kept within ±`clip`. Writes `c` and `h`.
    package static func lstmCell(
        _ x: UnsafePointer<Float>, _ r: UnsafePointer<Float>, peephole: UnsafePointer<Float>?, clip: Float,
        c: UnsafeMutablePointer<Float>, h: UnsafeMutablePointer<Float>, count n: Int
    ) {
        mk_lstm_cell(x, r, peephole, clip, c, h, n)
    }

    /// One row of a GRU with sigmoid and tanh whose reset follows the product. `x` and `r` are the gates `[3][n]` in the
    /// order z, r, h, each with its own biases. Replaces `h`.
    package static func gruCell(
        _ x: UnsafePointer<Float>, _ r: UnsafePointer<Float>, clip: Float, h: UnsafeMutablePointer<Float>, count n: Int
    ) {
        mk_gru_cell(x, r, clip, h, n)
    }

    /// Linear attention of one key head; see `mk_linear_attention`.
    package struct LinearAttention {
        package var q: UnsafePointer<Float>
        package var k: UnsafePointer<Float>
        package var v: UnsafePointer<Float>
        /// `[keys]` for each step, or one number if not `decayPerKey`
        package var decay: UnsafePointer<Float>?
        package var decayPerKey: Bool
        package var beta: UnsafePointer<Float>?
        package var y: UnsafeMutablePointer<Float>
        /// Distances from step to step
        package var strides: (q: Int, k: Int, v: Int, decay: Int, beta: Int, y: Int)
        /// Query heads that read this key head, side by side
        package var queries: Int
        package var keys: Int
        package var values: Int
        package var scale: Float

        package init(
            q: UnsafePointer<Float>, k: UnsafePointer<Float>, v: UnsafePointer<Float>, decay: UnsafePointer<Float>?,
            decayPerKey: Bool, beta: UnsafePointer<Float>?, y: UnsafeMutablePointer<Float>,
            strides: (q: Int, k: Int, v: Int, decay: Int, beta: Int, y: Int), queries: Int, keys: Int, values: Int,
            scale: Float
        ) {
            self.q = q
            self.k = k
            self.v = v
            self.decay = decay
            self.decayPerKey = decayPerKey
            self.beta = beta
            self.y = y
            self.strides = strides
            self.queries = queries
            self.keys = keys
            self.values = values
            self.scale = scale
        }
    }

    /// Runs `steps` steps from `state` `[keys, values]`, which is left as the last one has it.
    package static func linearAttention(
        _ a: LinearAttention, state: UnsafeMutablePointer<Float>, steps: Int
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(a.values, 1)) { scratch in
            var call = mk_linear_attention(
                q: a.q, k: a.k, v: a.v, decay: a.decay, beta: a.beta, y: a.y, scratch: scratch.baseAddress,
                q_stride: a.strides.q, k_stride: a.strides.k, v_stride: a.strides.v, decay_stride: a.strides.decay,
                beta_stride: a.strides.beta, y_stride: a.strides.y, queries: a.queries, keys: a.keys, values: a.values,
                decay_per_key: a.decayPerKey ? 1 : 0, scale: a.scale)
            mk_linear_attention_run(&call, state, steps)
        }
    }
}
