import Martlet

/// A result as a table of lines: names, types, rows. What does not fit is left out in the middle and counted.
package struct BoxTable {
    let columns: [Results.Column]
    /// Rows before and after the gap.
    let head: [[CellText]]
    let tail: [[CellText]]
    let rowCount: Int
    /// Columns of the terminal.
    let width: Int
    let isColored: Bool
    /// Columns that a cell may take, however wide the terminal.
    let largestCell: Int

    /// Cells are not cut below this many columns before whole columns are left out.
    private static let smallestCell = 10

    private var isElided: Bool { head.count + tail.count < rowCount }

    package var text: String {
        let layout = self.layout()
        guard !layout.isEmpty else { return footer(shownColumns: 0) }
        var out = ""
        rule("┌", "┬", "┐", layout, &out)
        line(layout, &out) { Cell(CellText(name: columns[$0].name).text, right: isNumber($0), style: .bold) }
        line(layout, &out) { Cell(columns[$0].type, right: isNumber($0), style: .dim) }
        rule("├", "┼", "┤", layout, &out)
        for row in head { self.row(row, layout, &out) }
        if isElided { line(layout, &out) { Cell("·", right: isNumber($0), style: .dim) } }
        for row in tail { self.row(row, layout, &out) }
        rule("└", "┴", "┘", layout, &out)
        return out + footer(shownColumns: layout.count { $0.column != nil })
    }

    // MARK: Layout

    /// A column of the table; `column` is nil where columns were left out.
    private struct Place {
        var column: Int?
        var width: Int
    }

    private func layout() -> [Place] {
        let natural = columns.indices.map { column -> Int in
            let cells = (head + tail).map { DisplayWidth.of($0[column].text) }.max() ?? 0
            return min(
                largestCell,
                max(
                    1, cells, DisplayWidth.of(CellText(name: columns[column].name).text),
                    DisplayWidth.of(columns[column].type)))
        }
        // Each column has a border and two spaces, and the last one a border.
        let room = width - 1
        if let cap = Self.cap(natural, room: room) {
            return natural.enumerated().map { Place(column: $0.offset, width: min($0.element, cap)) }
        }
        return leavingOut(natural.map { min($0, Self.smallestCell) }, room: room)
    }

    /// The widest a cell may be so that all columns fit; nil if that is too narrow.
    private static func cap(_ natural: [Int], room: Int) -> Int? {
        func used(_ cap: Int) -> Int { natural.reduce(0) { $0 + min($1, cap) + 3 } }
        let widest = natural.max() ?? 1
        if used(widest) <= room { return widest }
        var (low, high) = (smallestCell, widest)
        guard low < high, used(low) <= room else { return nil }
        while high - low > 1 {
            let middle = (low + high) / 2
            if used(middle) <= room { low = middle } else { high = middle }
        }
        return low
    }

    /// Columns from both ends as long as they fit, and one of `…` between.
    private func leavingOut(_ widths: [Int], room: Int) -> [Place] {
        var left = 0
        var right = widths.count
        var used = 4
        while left < right {
            let next = (left + widths.count - right) % 2 == 0 ? left : right - 1
            guard used + widths[next] + 3 <= room || left == 0 else { break }
            used += widths[next] + 3
            if next == left { left += 1 } else { right -= 1 }
        }
        let first = (0..<left).map { Place(column: $0, width: widths[$0]) }
        let last = (right..<widths.count).map { Place(column: $0, width: widths[$0]) }
        return left == right ? first + last : first + [Place(column: nil, width: 1)] + last
    }

    /// Whether a column's values stand to the right.
    private func isNumber(_ column: Int) -> Bool { columns[column].type == "int" || columns[column].type == "float" }

    // MARK: Lines

    private struct Cell {
        var text: String
        var right: Bool
        var style: Style?

        init(_ text: String, right: Bool, style: Style? = nil) {
            self.text = text
            self.right = right
            self.style = style
        }
    }

    private func row(_ row: [CellText], _ layout: [Place], _ out: inout String) {
        line(layout, &out) { Cell(row[$0].text, right: isNumber($0), style: row[$0].isNull ? .dim : nil) }
    }

    private func line(_ layout: [Place], _ out: inout String, _ cell: (Int) -> Cell) {
        for place in layout {
            let cell = place.column.map(cell) ?? Cell("…", right: false, style: .dim)
            let text = DisplayWidth.pad(
                DisplayWidth.cut(cell.text, to: place.width), to: place.width, right: cell.right)
            out += "│ " + (cell.style.map { $0(text, if: isColored) } ?? text) + " "
        }
        out += "│\n"
    }

    private func rule(_ first: String, _ middle: String, _ last: String, _ layout: [Place], _ out: inout String) {
        out +=
            first + layout.map { String(repeating: "─", count: $0.width + 2) }.joined(separator: middle) + last + "\n"
    }

    /// `400 rows (40 shown)  12 columns (8 shown)`
    private func footer(shownColumns: Int) -> String {
        var text = rowCount == 1 ? "1 row" : "\(grouped(rowCount)) rows"
        if isElided { text += " (\(head.count + tail.count) shown)" }
        if shownColumns < columns.count { text += "  \(columns.count) columns (\(shownColumns) shown)" }
        return Style.dim(text, if: isColored) + "\n"
    }
}

/// Collects the rows that a box table shows, and counts the others.
package struct BoxSample {
    /// Rows of the first and of the second half.
    static let usualHalf = 20

    private let half: Int
    private var head: [[CellText]] = []
    /// The last rows beyond those of `head`.
    private var tail: [Row] = []
    private var rowCount = 0

    package init() { self.init(half: Self.usualHalf) }

    init(half: Int) { self.half = half }

    /// Rows that the table will show.
    var shownCount: Int { head.count + tail.count }

    package mutating func add(_ results: Results) {
        let rows = results.rows
        rowCount += rows.count
        var start = 0
        while head.count < half, start < rows.count {
            head.append(rows[start].values.map { CellText($0) })
            start += 1
        }
        guard start < rows.count else { return }
        tail += rows[max(start, rows.count - half)...]
        tail.removeFirst(max(0, tail.count - half))
    }

    package func table(
        columns: [Results.Column], width: Int, isColored: Bool, largestCell: Int = .max
    ) -> BoxTable {
        BoxTable(
            columns: columns, head: head, tail: tail.map { $0.values.map { CellText($0) } }, rowCount: rowCount,
            width: width, isColored: isColored, largestCell: largestCell)
    }
}
