import CMartletKernels

/// How a row of weights is stored: as numbers, or as blocks of small integers that share scales. Cases stand in the order of
/// the kernels' `MK_PLAIN` and `MK_BLOCKS`.
package enum BlockFormat: Int32, CaseIterable, Hashable, Sendable {
    case f32, f16, bf16
    case q40, q41, q50, q51, q80, q2K, q3K, q4K, q5K, q6K, q8K, iq4Nl, iq4Xs

    /// Weights in one block.
    package var elements: Int { mk_block_elements(rawValue) }
    /// Bytes of one block.
    package var bytes: Int { mk_block_bytes(rawValue) }
    /// `q4_k`
    package var name: String { mk_block_name(rawValue).map { String(cString: $0) } ?? "" }

    /// Bytes of a row of `columns` weights; nil if those are not whole blocks or the number overflows.
    package func rowBytes(_ columns: Int) -> Int? {
        guard columns >= 0, columns.isMultiple(of: elements) else { return nil }
        let (result, overflow) = (columns / elements).multipliedReportingOverflow(by: bytes)
        return overflow ? nil : result
    }
}

/// Weights `[rows, columns]` that are used as they are stored, at any address; lent by the caller for one call.
package struct BlockMatrix {
    fileprivate let matrix: mk_block_matrix

    /// Rows of whole blocks, `format.rowBytes(columns)` bytes apart.
    package init(_ data: UnsafeRawPointer, format: BlockFormat, columns: Int) {
        matrix = mk_block_matrix(
            format: format.rawValue, data: data.assumingMemoryBound(to: UInt8.self), columns: columns, bits: 0,
            group: 1, scales: nil, zeros: nil, float_zeros: nil)
    }

    /// Zero points of packed weights.
    package enum Zeros {
        /// 2^(bits-1)
        case middle
        /// As many bits as a weight has, each row in whole bytes.
        case packed(UnsafePointer<UInt8>)
        case floats(UnsafePointer<Float>)
    }

    /// Integers of `bits` (2, 4 or 8) bits, low ones first, with a scale and a zero point for each `group` of a row;
    /// a row takes whole groups.
    package init(
        packed data: UnsafePointer<UInt8>, bits: Int, group: Int, columns: Int, scales: UnsafePointer<Float>,
        zeros: Zeros
    ) {
        var packed: UnsafePointer<UInt8>?
        var floats: UnsafePointer<Float>?
        switch zeros {
        case .middle: break
        case .packed(let pointer): packed = pointer
        case .floats(let pointer): floats = pointer
        }
        matrix = mk_block_matrix(
            format: Int32(MK_BLOCK_packed), data: data, columns: columns, bits: bits, group: group,
            scales: scales, zeros: packed, float_zeros: floats)
    }

    package var columns: Int { matrix.columns }
}

extension Kernels {
    /// C = activation(A × Bᵀ + bias) + residual, A `[M, K]` and C `[M, N]` row major, B `[N, K]` as stored.
    package struct BlockGemm {
        package var a: UnsafePointer<Float>
        package var b: BlockMatrix
        package var c: UnsafeMutablePointer<Float>
        /// Distance of C's rows
        package var cStride: Int
        /// `[N]`
        package var bias: UnsafePointer<Float>?
        package var activation: Activation = .none
        /// `[M, N]`; may be exactly `c`
        package var residual: UnsafePointer<Float>?

        package init(
            a: UnsafePointer<Float>, b: BlockMatrix, c: UnsafeMutablePointer<Float>, cStride: Int,
            bias: UnsafePointer<Float>? = nil, activation: Activation = .none, residual: UnsafePointer<Float>? = nil
        ) {
            self.a = a
            self.b = b
            self.c = c
            self.cStride = cStride
            self.bias = bias
            self.activation = activation
            self.residual = residual
        }
    }

    /// Floats of scratch that one thread needs for a product with at most `rows` rows on the left.
    package static func blockScratch(columns: Int, rows: Int) -> Int { mk_block_scratch(columns, rows) }

    /// Columns of a product to give to one thread at the least: whole tiles of every instruction set.
    package static let blockColumns = 24

    /// Computes the given rows and columns of a product. Every element is one fp32 sum in an order that depends on
    /// neither range; ranges may run on different threads, each with its own scratch.
    package static func gemm(
        _ g: BlockGemm, rows: Range<Int>, columns: Range<Int>, scratch: UnsafeMutablePointer<Float>
    ) {
        precondition(rows.lowerBound >= 0 && columns.lowerBound >= 0, "bug: range outside the product")
        var call = mk_block_gemm(
            a: g.a, lda: g.b.columns, b: g.b.matrix, c: g.c, ldc: g.cStride, bias: g.bias,
            activation: g.activation.rawValue, residual: g.residual, ldr: g.cStride)
        mk_block_product(&call, scratch, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }

    /// y[r] = row ids[r] of the weights. Ids are the caller's to check.
    package static func gather(
        _ b: BlockMatrix, ids: UnsafePointer<Int32>, into y: UnsafeMutablePointer<Float>, rows: Int
    ) {
        var matrix = b.matrix
        mk_block_gather(&matrix, ids, y, b.columns, rows)
    }
}
