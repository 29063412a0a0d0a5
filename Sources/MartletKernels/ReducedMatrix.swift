import CMartletKernels

/// A constant right-hand matrix `[rows (K), columns (N)]` of lower precision, packed once for ``Kernels/gemm(_:rows:columns:scratch:)``.
package final class ReducedMatrix: @unchecked Sendable {
    /// What a product is made of. Cases stand in the order of the kernels' `MK_REDUCED_KINDS`.
    package enum Kind: Int32, CaseIterable, Sendable {
        /// Both sides rounded to bfloat16, sums in fp32.
        case bfloat16
        /// Each column of B rounded to [-127, 127] by a scale of its own, each row of A to [0, 255] by a scale and a zero point found
        /// when it is multiplied; sums are exact.
        case int8

        /// Most rows of B: beyond them an int32 does not hold every sum.
        package var mostRows: Int { self == .int8 ? 1 << 16 : .max }
    }

    /// Columns of the matrix as they are stored: fp32 at any address, element (k, n) at `k*stride + n`, or at `n*stride + k` if
    /// `isTransposed`.
    package struct Source {
        package var pointer: UnsafeRawPointer
        package var columns: Int
        package var stride: Int
        package var isTransposed: Bool

        package init(_ pointer: UnsafeRawPointer, columns: Int, stride: Int, isTransposed: Bool) {
            self.pointer = pointer
            self.columns = columns
            self.stride = stride
            self.isTransposed = isTransposed
        }
    }

    package let kind: Kind
    /// K: the length of the sums.
    package let rows: Int
    /// N: the columns of the product.
    package let columns: Int
    /// √(Σ rounding error² ⁄ Σ B²) of the source that lost most.
    package let error: Double
    // Never written after `init`.
    fileprivate let panels: UnsafeMutableRawPointer
    fileprivate let scales: UnsafeMutablePointer<Float>
    fileprivate let sums: UnsafeMutablePointer<Int32>

    /// Whether this CPU multiplies numbers of a kind faster than fp32.
    package static func isFast(_ kind: Kind) -> Bool { kind == .int8 || mk_has_bf16() != 0 }

    /// Packs sources side by side.
    /// - Returns: nil if sizes overflow, sums could, or a weight is not finite.
    package init?(_ sources: [Source], kind: Kind, rows: Int) {
        let columns = sources.reduce(0) { $0 + $1.columns }
        guard rows >= 0, rows <= kind.mostRows, columns >= 0, columns < 1 << 40, rows < 1 << 40,
            sources.allSatisfy({ $0.columns >= 0 && $0.stride >= 0 }),
            !(columns + PackedMatrix.panelColumns).multipliedReportingOverflow(by: 2 * rows + 8).overflow
        else { return nil }
        let padded = (columns + PackedMatrix.panelColumns - 1) / PackedMatrix.panelColumns * PackedMatrix.panelColumns
        let bytes = mk_reduced_packed_size(kind.rawValue, rows, columns)
        self.kind = kind
        self.rows = rows
        self.columns = columns
        panels = .allocate(byteCount: max(bytes, 64), alignment: 64)
        panels.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        scales = .allocate(capacity: max(padded, 1))
        scales.initialize(repeating: 0, count: padded)
        sums = .allocate(capacity: max(padded, 1))
        sums.initialize(repeating: 0, count: padded)
        var worst = 0.0
        var place = 0
        for source in sources {
            let lost = mk_reduced_pack(
                kind.rawValue, source.pointer, source.stride, source.isTransposed ? 1 : 0, rows, source.columns, place,
                panels, scales, sums)
            worst = lost.isNaN || worst.isNaN ? .nan : max(worst, lost)
            place += source.columns
        }
        error = worst
        if kind == .int8, worst.isNaN { return nil }
    }

    deinit {
        panels.deallocate()
        scales.deallocate()
        sums.deallocate()
    }
}

extension Kernels {
    /// Bytes of scratch, 64-byte aligned, that each thread needs for a product; 0 for none.
    package static func gemmScratch(_ g: Gemm) -> Int {
        guard case .reduced(let matrix) = g.b else { return 0 }
        return (mk_reduced_scratch(matrix.kind.rawValue, matrix.rows) + 63) / 64 * 64
    }

    /// `call` with weights of lower precision.
    static func multiply(
        _ call: mk_gemm, _ b: ReducedMatrix, rows: Range<Int>, columns: Range<Int>, scratch: UnsafeMutableRawPointer
    ) {
        precondition(call.alpha == 1, "bug: a factor in a product of lower precision")
        var call = mk_reduced_gemm(
            gemm: call, kind: b.kind.rawValue, panels: b.panels, column_scale: b.scales, column_sums: b.sums)
        mk_reduced_product(
            &call, scratch, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
}
