/// What of a text is on the terminal, and what to write to bring it up to date: only rows that changed are written again.
///
/// Pure: it gives the bytes and writes nothing itself. The cursor must stand at the start of an empty row when a text is begun.
package struct EditorScreen {
    /// Rows on the screen, first to last; of a text that is taller than the screen, those around the cursor.
    private var rows: [String] = []
    private var widths: [Int] = []
    private var cursorRow = 0
    private var cursorColumn = 0
    /// The first row of the frame that is shown.
    private var top = 0
    private var width = 0

    package init() {}

    /// Shows `frame` on a terminal of `width` columns and `height` rows.
    package mutating func show(_ frame: EditorFrame, width: Int, height: Int) -> String {
        var out = self.width == width || rows.isEmpty ? "" : clearedAfterResize(to: width)
        self.width = width
        let height = max(1, height)
        top = min(top, max(0, frame.rows.count - height), frame.cursorRow)
        top = max(top, frame.cursorRow - height + 1)
        let visible = top..<min(frame.rows.count, top + height)
        let wanted = Array(frame.rows[visible])
        let widths = Array(frame.widths[visible])
        for index in wanted.indices where index >= rows.count || rows[index] != wanted[index] {
            out += moved(toRow: index) + "\r" + wanted[index]
            // Behind a full row the cursor still stands on its last letter.
            if widths[index] < width { out += "\u{1B}[K" }
        }
        if rows.count > wanted.count {
            out += moved(toRow: wanted.count) + "\r\u{1B}[J"
        }
        (rows, self.widths) = (wanted, widths)
        out += moved(toRow: frame.cursorRow - top) + "\r"
        if frame.cursorColumn > 0 { out += "\u{1B}[\(frame.cursorColumn)C" }
        cursorColumn = frame.cursorColumn
        return out
    }

    /// Shows all of `frame` and moves to the row below it; the next text begins there.
    package mutating func finish(_ frame: EditorFrame, width: Int, height: Int) -> String {
        var out = ""
        if frame.rows.count <= height {
            out = show(frame, width: width, height: height) + below()
        } else {
            out = cleared() + frame.rows.joined(separator: "\r\n") + "\r\n"
        }
        self = EditorScreen()
        return out
    }

    /// Moves to the row below the text, where other output may follow; the text is begun anew after it.
    package mutating func leave() -> String {
        let out = rows.isEmpty ? "" : below()
        self = EditorScreen()
        return out
    }

    private mutating func below() -> String { moved(toRow: rows.count - 1) + "\r\n" }

    /// Moves to the first row and clears from there.
    private mutating func cleared() -> String {
        guard !rows.isEmpty else { return "" }
        return moved(toRow: 0) + "\r\u{1B}[J"
    }

    /// The cursor to another row; rows that are not there yet are made.
    private mutating func moved(toRow row: Int) -> String {
        var out = ""
        let reachable = min(row, max(0, rows.count - 1, cursorRow))
        if reachable < cursorRow { out += "\u{1B}[\(cursorRow - reachable)A" }
        if reachable > cursorRow { out += "\u{1B}[\(reachable - cursorRow)B" }
        if row > reachable { out += String(repeating: "\r\n", count: row - reachable) }
        cursorRow = row
        return out
    }

    /// Terminals break rows anew when they become narrower, and the text's first row moves up with it.
    private mutating func clearedAfterResize(to width: Int) -> String {
        let above = widths.prefix(cursorRow).reduce(0) { $0 + max(1, ($1 + width - 1) / max(1, width)) }
        let up = above + cursorColumn / max(1, width)
        rows = []
        widths = []
        cursorRow = 0
        cursorColumn = 0
        return (up > 0 ? "\u{1B}[\(up)A" : "") + "\r\u{1B}[J"
    }
}
