import MartletKernels
import MartletTensor

/// Weights [rows, columns] that ops use as they are stored, without a copy in floats.
///
/// They are three inputs: data (bytes, [rows, …]), scales? and zeros?, the last two of the `packed` form only:
/// scales float [rows · groups], zeros uint8 [rows · ⌈groups · bits ⁄ 8⌉] or float [rows · groups], in any shape.
package struct BlockWeights: Hashable, Sendable {
    package enum Format: Hashable, Sendable {
        /// Rows of whole blocks.
        case blocks(BlockFormat)
        /// Rows of ⌈columns ⁄ group⌉ groups of integers of `bits` (2, 4 or 8) bits, whose scales lie apart.
        case packed(bits: Int, group: Int)
    }

    package var format: Format
    package var columns: Int

    package init(_ format: Format, columns: Int) {
        self.format = format
        self.columns = columns
    }

    package var text: String {
        switch format {
        case .blocks(let format): "\(format.name)[\(columns)]"
        case .packed(let bits, let group): "int\(bits)[\(columns)] group=\(group)"
        }
    }

    /// Groups of a row of the packed form.
    private func groups(_ group: Int) -> Int { columns / group + (columns.isMultiple(of: group) ? 0 : 1) }

    /// Bytes of one row; nil if there are no such weights.
    private var rowBytes: Int? {
        guard columns > 0, columns <= 1 << 30 else { return nil }
        switch format {
        case .blocks(let format): return format.rowBytes(columns)
        case .packed(let bits, let group):
            guard [2, 4, 8].contains(bits), group >= 8, group <= 1 << 20, group.isMultiple(of: 8) else { return nil }
            return groups(group) * (group * bits / 8)
        }
    }

    /// The number of rows if it is known. `first` is the place of the data among the inputs.
    func inferRows(_ op: some GraphOp, _ inputs: [InputInfo?], first: Int) throws -> Dim {
        guard rowBytes != nil else { throw op.impossible(inputs, "there are no weights of the form \(text)") }
        let data = try op.operand(inputs, first)
        guard data.type.dtype == .uint8 else {
            throw op.impossible(inputs, "stored weights are bytes, not \(data.type.dtype.name)")
        }
        if case .packed = format {
            guard try op.operand(inputs, first + 1).type.dtype == .float32 else {
                throw op.impossible(inputs, "the scales are no floats")
            }
            if let zeros = op.optional(inputs, first + 2), ![.float32, .uint8].contains(zeros.type.dtype) {
                throw op.impossible(inputs, "the zero points are neither bytes nor floats")
            }
        }
        guard let shape = data.type.shape else { return .unknown }
        guard let rows = shape.first else { throw op.impossible(inputs, "stored weights have rows") }
        return rows
    }

    /// The weights of a run, alive as long as the inputs are, and how many rows they have.
    func matrix(
        _ op: some GraphOp, _ inputs: [Tensor?], first: Int, _ context: RunContext
    ) throws -> (matrix: BlockMatrix, rows: Int) {
        let data = try op.operand(inputs, first, context)
        guard let rows = data.shape.first, let rowBytes, data.dtype == .uint8,
            rows.multipliedReportingOverflow(by: rowBytes) == (data.count, false)
        else { throw context.invalid(op, inputs, "the bytes are not rows of \(text)") }
        switch format {
        case .blocks(let format): return (BlockMatrix(data.pointer, format: format, columns: columns), rows)
        case .packed(let bits, let group):
            let scales = try op.operand(inputs, first + 1, context)
            guard scales.dtype == .float32, scales.count == rows * groups(group) else {
                throw context.invalid(op, inputs, "the scales are not one for each group")
            }
            var zeros = BlockMatrix.Zeros.middle
            if op.optional(inputs, first + 2) != nil {
                let given = try op.operand(inputs, first + 2, context)
                switch given.dtype {
                case .float32 where given.count == scales.count: zeros = .floats(given.floats)
                case .uint8 where given.count == rows * ((groups(group) * bits + 7) / 8):
                    zeros = .packed(UnsafePointer(given.pointer.assumingMemoryBound(to: UInt8.self)))
                default: throw context.invalid(op, inputs, "the zero points are not one for each group")
                }
            }
            let bytes = UnsafePointer(data.pointer.assumingMemoryBound(to: UInt8.self))
            return (
                BlockMatrix(
                    packed: bytes, bits: bits, group: group, columns: columns, scales: scales.floats, zeros: zeros),
                rows
            )
        }
    }
}

extension RunContext {
    /// Spreads the columns of a product with stored weights over the pool. Throws `TensorError` if there is no memory for it.
    func multiply(_ product: Kernels.BlockGemm, rows: Int, columns: Int) throws {
        let unit = Kernels.blockColumns
        let units = (columns + unit - 1) / unit
        let work = 2.0 * Double(rows) * Double(columns) * Double(product.b.columns)
        let threads = pool?.threadCount ?? 1
        let pieces = threads > 1 && work > 100_000 ? min(units, threads * 4) : 1
        let each = (Kernels.blockScratch(columns: product.b.columns, rows: rows) + 15) / 16 * 16
        let call = SharedProduct(
            product: product, scratch: try scratch(byteCount: each * pieces * 4).assumingMemoryBound(to: Float.self))
        parallelFor(pieces) { piece in
            let mine = units * piece / pieces * unit..<min(units * (piece + 1) / pieces * unit, columns)
            Kernels.gemm(call.product, rows: 0..<rows, columns: mine, scratch: call.scratch + piece * each)
        }
    }

    /// A product on its way to other threads; the loop ends before its caller goes on.
    private struct SharedProduct: @unchecked Sendable {
        let product: Kernels.BlockGemm
        let scratch: UnsafeMutablePointer<Float>
    }
}

/// The block formats, for those who build graphs.
package typealias StoredFormat = BlockFormat
