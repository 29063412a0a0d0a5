import CMartletKernels

extension Kernels {
    /// y = (t - mean(t)) / sqrt(variance(t) + eps) · gamma + beta with t = x + residual, per row.
    /// `sumOut` also receives t. `y` may be `x`, `residual` or `sumOut`. Strides nil: rows are contiguous.
    package static func layerNorm(
        _ x: UnsafePointer<Float>, xStride: Int? = nil, residual: UnsafePointer<Float>? = nil,
        residualStride: Int? = nil, sumOut: UnsafeMutablePointer<Float>? = nil, sumStride: Int? = nil,
        gamma: UnsafePointer<Float>?, beta: UnsafePointer<Float>?, epsilon: Float, into y: UnsafeMutablePointer<Float>,
        yStride: Int? = nil, rows: Int, columns: Int
    ) {
        mk_layer_norm(
            x, xStride ?? columns, residual, residualStride ?? columns, sumOut, sumStride ?? columns, gamma, beta,
            epsilon, y, yStride ?? columns, rows, columns)
    }

    /// y = x / sqrt(mean(x²) + eps) · gamma, per row. `y` may be `x`.
    package static func rmsNorm(
        _ x: UnsafePointer<Float>, xStride: Int? = nil, gamma: UnsafePointer<Float>?, epsilon: Float,
        into y: UnsafeMutablePointer<Float>, yStride: Int? = nil, rows: Int, columns: Int
    ) {
        mk_rms_norm(x, xStride ?? columns, gamma, epsilon, y, yStride ?? columns, rows, columns)
    }

    /// Rotary position embedding of `heads` heads of `dim` columns, side by side: pair i of a head's first 2·pairs columns
    /// turned by the angle whose cosine and sine are at r·pairs + i. A pair is columns i and i + pairs, or 2i and 2i + 1
    /// if `interleaved`. `y` may be `x`.
    package static func rotate(
        _ x: UnsafePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, interleaved: Bool,
        into y: UnsafeMutablePointer<Float>, rows: Int, heads: Int, dim: Int, pairs: Int
    ) {
        precondition(2 * pairs <= dim, "bug: more pairs than columns")
        mk_rotate(x, heads * dim, cosines, sines, interleaved ? 1 : 0, y, heads * dim, rows, heads, dim, pairs)
    }

    /// Softmax of each row, or its logarithm. A row of -inf only becomes NaN. `y` may be `x`.
    package static func softmax(
        _ x: UnsafePointer<Float>, xStride: Int? = nil, into y: UnsafeMutablePointer<Float>, yStride: Int? = nil,
        rows: Int, columns: Int, logarithm: Bool = false
    ) {
        mk_softmax(x, xStride ?? columns, y, yStride ?? columns, rows, columns, logarithm ? 1 : 0)
    }

    /// y = x / max(‖x‖₂, epsilon), per row. `y` may be `x`.
    package static func l2Normalize(
        _ x: UnsafePointer<Float>, xStride: Int? = nil, epsilon: Float = 1e-12, into y: UnsafeMutablePointer<Float>,
        yStride: Int? = nil, rows: Int, columns: Int
    ) {
        mk_l2_normalize(x, xStride ?? columns, epsilon, y, yStride ?? columns, rows, columns)
    }

    package enum Pair: Int32, CaseIterable, Sendable {
        case dot
        /// 0 where a norm is 0
        case cosine
        /// Euclidean distance
        case l2
    }

    /// out[r] = dot, cosine or distance of row r of `a` and of `b`; a stride of 0 repeats one row.
    package static func rowPairs(
        _ kind: Pair, _ a: UnsafePointer<Float>, aStride: Int, _ b: UnsafePointer<Float>, bStride: Int,
        into out: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        mk_row_pairs(kind.rawValue, a, aStride, b, bStride, out, rows, columns)
    }

    /// One addend of an embedding: a table `[count, columns]`, and an id per output row (nil: row 0 for all).
    package struct EmbeddingTable {
        package var table: UnsafePointer<Float>
        package var count: Int
        package var ids: UnsafePointer<Int32>?

        package init(table: UnsafePointer<Float>, count: Int, ids: UnsafePointer<Int32>?) {
            self.table = table
            self.count = count
            self.ids = ids
        }
    }

    /// y[r] = Σ table[ids[r]] over up to four tables, then layer norm if `gamma` is given.
    /// - Returns: nil, or the first row that has an id outside its table; rows before it are written.
    package static func embed(
        _ tables: [EmbeddingTable], gamma: UnsafePointer<Float>? = nil, beta: UnsafePointer<Float>? = nil,
        epsilon: Float = 0, into y: UnsafeMutablePointer<Float>, yStride: Int? = nil, rows: Int, columns: Int
    ) -> Int? {
        precondition(tables.count <= 4, "bug: more than four embedding tables")
        let calls = tables.map { mk_embedding(table: $0.table, count: $0.count, ids: $0.ids) }
        let done = mk_embed(calls, calls.count, gamma, beta, epsilon, y, yStride ?? columns, rows, columns)
        return done == rows ? nil : done
    }

    package enum Pooling: Int32, CaseIterable, Sendable {
        case mean, max, first, last, sum
        /// Sum over the square root of the count
        case meanSqrt
    }

    /// out[s] = the pooled rows `start[s] ..< start[s] + length[s]` of `x`; zeros for an empty segment.
    package static func pool(
        _ kind: Pooling, _ x: UnsafePointer<Float>, xStride: Int? = nil, start: UnsafePointer<Int32>,
        length: UnsafePointer<Int32>, into out: UnsafeMutablePointer<Float>, outStride: Int? = nil, segments: Int,
        columns: Int
    ) {
        mk_segment_pool(
            kind.rawValue, x, xStride ?? columns, start, length, out, outStride ?? columns, segments, columns)
    }
}
