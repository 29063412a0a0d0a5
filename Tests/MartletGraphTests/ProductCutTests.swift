import MartletGraph
import Testing

@Suite struct ProductCutTests {
    @Test(arguments: [1, 2, 5, 25, 49, 64, 130, 1024], [1, 6, 12, 36, 48])
    func piecesCoverTheProductOnce(rows: Int, panels: Int) {
        for (threads, convertsRows) in [(1, false), (2, true), (2, false), (3, true), (16, false)] {
            let cut = ProductCut(rows: rows, panels: panels, threads: threads, convertsRows: convertsRows)
            var seen = [Int](repeating: 0, count: rows * panels)
            for piece in 0..<cut.pieces {
                let part = cut.part(piece, rows: rows, panels: panels)
                for row in part.rows { for panel in part.panels { seen[row * panels + panel] += 1 } }
            }
            #expect(seen.allSatisfy { $0 == 1 }, "\(rows) × \(panels) for \(threads)")
        }
    }

    /// A text's rows stay whole: a quarter of them would read all weights for a quarter of the work.
    @Test func fewRowsAreCutByPanels() {
        let cut = ProductCut(rows: 25, panels: 36, threads: 2, convertsRows: false)
        #expect((cut.rowParts, cut.panelParts) == (1, 8))
    }

    @Test func manyRowsAreCutByRows() {
        let cut = ProductCut(rows: 1024, panels: 36, threads: 2, convertsRows: false)
        #expect((cut.rowParts, cut.panelParts) == (8, 1))
    }

    /// Rounding rows again for each block of panels would cost more than an even load brings.
    @Test func convertedRowsAreCutOncePerThread() {
        let cut = ProductCut(rows: 25, panels: 36, threads: 2, convertsRows: true)
        #expect((cut.rowParts, cut.panelParts) == (1, 2))
    }
}
