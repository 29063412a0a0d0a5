import CMartletKernels

/// A constant right-hand matrix `[rows (K), columns (N)]`, packed once for ``Kernels/gemm(_:)``.
///
/// Packing makes a second copy of the weights (padded to a multiple of 32 columns); the source is not kept.
package final class PackedMatrix: @unchecked Sendable {
    /// K: the length of the sums.
    package let rows: Int
    /// N: the columns of the product.
    package let columns: Int
    /// Panels of 32 columns, `[panel][K][32]`, 64-byte aligned. Never written after `init`.
    package let panels: UnsafePointer<Float>
    private let storage: UnsafeMutablePointer<Float>

    /// Columns in a panel: a range of columns given to a kernel starts at a multiple of this.
    package static let panelColumns = Int(MK_PANEL)

    /// Bytes that packing `[rows, columns]` takes, or nil if that overflows.
    package static func byteCount(rows: Int, columns: Int) -> Int? {
        guard rows >= 0, columns >= 0 else { return nil }
        let (padded, o1) = columns.addingReportingOverflow(panelColumns - 1)
        let (floats, o2) = (padded / panelColumns * panelColumns).multipliedReportingOverflow(by: rows)
        let (bytes, o3) = floats.multipliedReportingOverflow(by: 4)
        return o1 || o2 || o3 ? nil : bytes
    }

    /// Packs `source`, whose element (k, n) is at `k*stride + n`, or at `n*stride + k` if `transposed` (weights stored
    /// `[out, in]`). The source may lie at any address, as in a mapped file, and is widened block by block.
    /// - Returns: nil if the type is not f32, f16 or bf16, or the size overflows.
    package init?(
        _ source: UnsafeRawPointer, type: ElementType = .f32, rows: Int, columns: Int, stride: Int, transposed: Bool
    ) {
        guard type == .f32 || type == .f16 || type == .bf16,
            let bytes = Self.byteCount(rows: rows, columns: columns), stride >= 0
        else { return nil }
        self.rows = rows
        self.columns = columns
        storage = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
            .bindMemory(to: Float.self, capacity: bytes / 4)
        panels = UnsafePointer(storage)
        mk_gemm_pack(source, type.rawValue, stride, transposed ? 1 : 0, rows, columns, storage)
    }

    /// Packs a contiguous f32 matrix.
    package convenience init?(_ source: UnsafePointer<Float>, rows: Int, columns: Int, transposed: Bool = false) {
        self.init(
            UnsafeRawPointer(source), rows: rows, columns: columns, stride: transposed ? rows : columns,
            transposed: transposed)
    }

    deinit { UnsafeMutableRawPointer(storage).deallocate() }
}
