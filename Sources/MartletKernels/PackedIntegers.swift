import CMartletKernels

/// A right-hand matrix `[rows (K), columns (N)]` of 8-bit integers, packed for ``Kernels/integerGemm(_:rows:columns:)``.
package final class PackedIntegers: @unchecked Sendable {
    /// K: the length of the sums.
    package let rows: Int
    /// N: the columns of the product.
    package let columns: Int
    /// `u8` or `i8`: what the matrix held before it was packed.
    package let type: ElementType
    /// Never written after `init`.
    fileprivate let panels: UnsafeMutablePointer<Int8>
    fileprivate let sums: UnsafeMutablePointer<Int32>

    package static let panelColumns = Int(MK_PANEL)

    /// Packs `source`, whose element (k, n) is at `k*stride + n`, or at `n*stride + k` if `transposed`.
    /// - Returns: nil if the type is not u8 or i8, or the size overflows.
    package init?(
        _ source: UnsafeRawPointer, type: ElementType, rows: Int, columns: Int, stride: Int, transposed: Bool
    ) {
        guard type == .u8 || type == .i8, rows >= 0, columns >= 0, stride >= 0, rows < 1 << 40, columns < 1 << 40
        else { return nil }
        let padded = (columns + Self.panelColumns - 1) / Self.panelColumns * Self.panelColumns
        let (bytes, overflow) = padded.multipliedReportingOverflow(by: (rows + 3) / 4 * 4)
        guard !overflow else { return nil }
        self.type = type
        self.rows = rows
        self.columns = columns
        panels = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
            .bindMemory(to: Int8.self, capacity: bytes)
        sums = UnsafeMutablePointer<Int32>.allocate(capacity: max(columns, 1))
        mk_integer_pack(source, type.rawValue, stride, transposed ? 1 : 0, rows, columns, panels, sums)
    }

    deinit {
        UnsafeMutableRawPointer(panels).deallocate()
        sums.deallocate()
    }
}

extension Kernels {
    /// C = saturate(round(scale · (Σ (A - aZero) (B - bZero) + bias)) + zero), or less of that: see `type`.
    package struct IntegerGemm {
        /// `[M, K]`
        package var a: UnsafeRawPointer
        /// `u8` or `i8`
        package var aType: ElementType
        /// Distance of A's rows
        package var aStride: Int
        package var b: PackedIntegers
        /// One for all rows, or `[M]`: the numbers of `aType`, plus 128 if that is `i8`. nil for 0 (-128 of `i8`).
        package var aZero: UnsafePointer<Int32>?
        package var hasRowZeros = false
        /// `[N]`: the numbers of B, less 128 if those were `u8`. nil for 0; else `rowSums` are needed.
        package var bZero: UnsafePointer<Int32>?
        /// `[M]`, of ``Kernels/integerRowSums(_:type:stride:rows:columns:into:)``
        package var rowSums: UnsafePointer<Int32>?
        /// `[N]`, added to the sums
        package var bias: UnsafePointer<Int32>?
        /// `i32`: the sums; `f32`: scale · sum + floatBias; `u8` and `i8`: as above.
        package var type: ElementType
        /// `[N]`; needed for all types but `i32`
        package var scale: UnsafePointer<Float>?
        /// `[N]`
        package var floatBias: UnsafePointer<Float>?
        package var zero: Int32 = 0
        /// `[M, N]`
        package var c: UnsafeMutableRawPointer
        /// Distance of C's rows
        package var cStride: Int

        package init(
            a: UnsafeRawPointer, aType: ElementType, b: PackedIntegers, type: ElementType, c: UnsafeMutableRawPointer
        ) {
            self.a = a
            self.aType = aType
            aStride = b.rows
            self.b = b
            self.type = type
            self.c = c
            cStride = b.columns
        }
    }

    /// Computes the given rows and columns, exactly: int32 wraps. `columns` starts at a multiple of
    /// ``PackedIntegers/panelColumns``.
    package static func integerGemm(_ g: IntegerGemm, rows: Range<Int>, columns: Range<Int>? = nil) {
        let columns = columns ?? 0..<g.b.columns
        precondition(
            rows.lowerBound >= 0 && columns.lowerBound % PackedIntegers.panelColumns == 0
                && columns.upperBound <= g.b.columns && (g.type == .i32 || g.scale != nil)
                && (g.bZero == nil || g.rowSums != nil) && [.u8, .i8].contains(g.aType)
                && [.i32, .f32, .u8, .i8].contains(g.type), "bug: integer product that no kernel makes")
        var call = mk_integer_gemm(
            a: g.a.assumingMemoryBound(to: UInt8.self), lda: g.aStride, a_is_signed: g.aType == .i8 ? 1 : 0,
            packed: g.b.panels, column_sums: g.b.sums, K: g.b.rows, N: g.b.columns, a_zero: g.aZero,
            a_zero_step: g.hasRowZeros ? 1 : 0, b_zero: g.bZero, row_sums: g.rowSums, bias: g.bias,
            type: g.type.rawValue, scale: g.scale, float_bias: g.floatBias, c_zero: g.zero, c: g.c, ldc: g.cStride)
        mk_integer_product(&call, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }

    /// Sums of the rows of A, each element plus 128 if they are `i8`.
    package static func integerRowSums(
        _ a: UnsafeRawPointer, type: ElementType, stride: Int, rows: Int, columns: Int,
        into sums: UnsafeMutablePointer<Int32>
    ) {
        mk_integer_row_sums(a, type.rawValue, stride, rows, columns, sums)
    }

    /// y = saturate(round(x⁄scale) + zero) of type `u8` or `i8`; ties to even, NaN to the lowest.
    package static func quantize(
        _ x: UnsafePointer<Float>, into y: UnsafeMutableRawPointer, type: ElementType, scale: Float, zero: Int32,
        count: Int
    ) {
        precondition(type == .u8 || type == .i8, "bug: quantized to \(type)")
        mk_quantize_f32(x, y, count, type.rawValue, scale, zero)
    }

    /// y = (x - zero) · scale, of type `u8`, `i8` or `i32`.
    package static func dequantize(
        _ x: UnsafeRawPointer, type: ElementType, into y: UnsafeMutablePointer<Float>, scale: Float, zero: Int32,
        count: Int
    ) {
        precondition([.u8, .i8, .i32].contains(type), "bug: levels of \(type)")
        mk_dequantize_f32(x, type.rawValue, y, count, scale, zero)
    }
}
