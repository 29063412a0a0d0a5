import MartletKernels
import MartletTensor

extension RunContext {
    /// Products with one left side of `rows` rows, spread over the pool. Throws `TensorError` if there is no memory for it.
    func multiply(_ products: [Kernels.Gemm], rows: Int) throws {
        let work = products.reduce(0.0) { $0 + 2 * Double(rows) * Double($1.b.rows) * Double($1.b.columns) }
        let threads = work > 100_000 ? pool?.threadCount ?? 1 : 1
        let scratchBytes = products.reduce(0) { max($0, Kernels.gemmScratch($1)) }
        let panels = products.reduce(0) { max($0, $1.b.panels) }
        let cut = ProductCut(rows: rows, panels: panels, threads: threads, convertsRows: scratchBytes > 0)
        let call = SharedProducts(
            products: products, scratch: scratchBytes > 0 ? try scratch(byteCount: scratchBytes * cut.pieces) : nil)
        parallelFor(cut.pieces) { piece in
            let own = call.scratch.map { $0 + piece * scratchBytes }
            for product in call.products {
                let (rows, panels) = cut.part(piece, rows: rows, panels: product.b.panels)
                let width = PackedMatrix.panelColumns
                let columns = panels.lowerBound * width..<min(panels.upperBound * width, product.b.columns)
                if !columns.isEmpty { Kernels.gemm(product, rows: rows, columns: columns, scratch: own) }
            }
        }
    }

    /// Products on their way to other threads; the loop ends before its caller goes on.
    private struct SharedProducts: @unchecked Sendable {
        let products: [Kernels.Gemm]
        let scratch: UnsafeMutableRawPointer?
    }
}

/// How a product is cut into pieces for threads: blocks of rows by blocks of the right side's panels.
///
/// A piece of few rows reads all its weights for little work, and fills no register tile; so rows are cut only into blocks that are worth
/// it, and the panels make up the number of pieces.
package struct ProductCut: Sendable {
    package private(set) var rowParts = 1
    package private(set) var panelParts = 1

    /// Pieces for each thread, so that one which comes late does not hold up the others.
    private static let piecesPerThread = 4
    /// Two of the tallest register tiles.
    private static let leastRows = 28

    /// - Parameter convertsRows: whether every piece first converts its rows, which blocks of panels do again and again.
    package init(rows: Int, panels: Int, threads: Int, convertsRows: Bool) {
        guard threads > 1 else { return }
        let wanted = threads * Self.piecesPerThread
        rowParts = max(1, min(wanted, rows / Self.leastRows))
        let missing = (wanted + rowParts - 1) / rowParts
        panelParts = max(1, min(panels, convertsRows ? min(missing, threads) : missing))
    }

    package var pieces: Int { rowParts * panelParts }

    /// The rows and panels of piece `index`.
    package func part(_ index: Int, rows: Int, panels: Int) -> (rows: Range<Int>, panels: Range<Int>) {
        let (row, panel) = (index / panelParts, index % panelParts)
        return (
            rows * row / rowParts..<rows * (row + 1) / rowParts,
            panels * panel / panelParts..<panels * (panel + 1) / panelParts
        )
    }
}

extension Kernels.GemmWeights {
    /// Blocks of columns that a product may be cut at.
    fileprivate var panels: Int { (columns + PackedMatrix.panelColumns - 1) / PackedMatrix.panelColumns }
}
