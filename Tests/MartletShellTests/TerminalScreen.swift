import MartletShell

/// What a terminal shows for the bytes that it is sent: as much of a VT100 as the shell uses, and complaints about anything else.
struct TerminalScreen {
    private(set) var columns: Int
    private(set) var rows: Int
    private(set) var cursor = (row: 0, column: 0)
    /// Colours that letters were written in, as `31`, by their place.
    private(set) var styles: [[String]]
    /// Sequences that it does not know.
    private(set) var unknown: [String] = []
    private var cells: [[String]]
    /// Lines that have left the screen at its top.
    private(set) var scrolledAway: [String] = []
    private var style = ""
    private var pending: [UInt8] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        styles = Array(repeating: Array(repeating: "", count: columns), count: rows)
    }

    /// Lines without spaces at their ends.
    var lines: [String] { cells.map { Self.trimmed($0.joined()) } }

    var text: String { lines.joined(separator: "\n") }

    /// Lines that have left the screen too.
    var all: String { (scrolledAway + lines).joined(separator: "\n") }

    /// The colour of the first letter of `text` where it is seen last; nil if it is not.
    func style(of text: String) -> String? {
        for row in cells.indices.reversed() {
            let line = cells[row].joined()
            guard let range = line.range(of: text) else { continue }
            let place = DisplayWidth.of(line[..<range.lowerBound])
            return styles[row][place]
        }
        return nil
    }

    /// Rows keep what they show; a narrower screen loses what stood to the right, as xterm does.
    mutating func resize(columns: Int, rows: Int) {
        func fitted<T>(_ line: [T], _ filler: T) -> [T] {
            Array(line.prefix(columns)) + Array(repeating: filler, count: max(0, columns - line.count))
        }
        let removed = max(0, cursor.row - rows + 1)
        scrolledAway += lines.prefix(removed)
        cells = Array(cells.dropFirst(removed).prefix(rows)).map { fitted($0, " ") }
        styles = Array(styles.dropFirst(removed).prefix(rows)).map { fitted($0, "") }
        while cells.count < rows {
            cells.append(Array(repeating: " ", count: columns))
            styles.append(Array(repeating: "", count: columns))
        }
        (self.columns, self.rows) = (columns, rows)
        cursor = (min(cursor.row - removed, rows - 1), min(cursor.column, columns - 1))
    }

    mutating func take(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        while let count = takeOne() { pending.removeFirst(count) }
    }

    /// Carries out what `pending` begins with; its length, or nil if it is not all there.
    private mutating func takeOne() -> Int? {
        guard let first = pending.first else { return nil }
        switch first {
        case 0x1B: return escape()
        case 13: cursor.column = 0
        case 10: lineFeed()
        case 8: cursor.column = max(0, cursor.column - 1)
        case 7: break
        case 9: cursor.column = min(columns - 1, (cursor.column / 8 + 1) * 8)
        case 0..<0x20: unknown.append("control \(first)")
        default:
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard pending.count >= length else { return nil }
            put(String(decoding: pending[..<length], as: UTF8.self))
            return length
        }
        return 1
    }

    private mutating func put(_ letter: String) {
        let width = letter.unicodeScalars.first.map { DisplayWidth.of(Character($0)) } ?? 0
        guard width > 0 else {
            // A mark joins the letter before it.
            if cursor.column > 0 { cells[cursor.row][cursor.column - 1] += letter }
            return
        }
        if cursor.column + width > columns {
            cursor.column = 0
            lineFeed()
        }
        cells[cursor.row][cursor.column] = letter
        styles[cursor.row][cursor.column] = style
        if width == 2 { cells[cursor.row][cursor.column + 1] = "" }
        // Behind the last column, until the next letter wraps.
        cursor.column += width
    }

    private mutating func lineFeed() {
        cursor.row += 1
        guard cursor.row == rows else { return }
        cursor.row = rows - 1
        scrolledAway.append(Self.trimmed(cells.removeFirst().joined()))
        styles.removeFirst()
        cells.append(Array(repeating: " ", count: columns))
        styles.append(Array(repeating: "", count: columns))
    }

    private mutating func escape() -> Int? {
        guard pending.count >= 2 else { return nil }
        guard pending[1] == UInt8(ascii: "[") else {
            if pending[1] != UInt8(ascii: "=") && pending[1] != UInt8(ascii: ">") {
                unknown.append("escape \(pending[1])")
            }
            return 2
        }
        guard let end = pending[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
        let body = String(decoding: pending[2..<end], as: UTF8.self)
        let number = Int(body) ?? 0
        switch pending[end] {
        case UInt8(ascii: "A"): cursor.row = max(0, cursor.row - max(1, number))
        case UInt8(ascii: "B"): cursor.row = min(rows - 1, cursor.row + max(1, number))
        case UInt8(ascii: "C"): cursor.column = min(columns - 1, min(cursor.column, columns - 1) + max(1, number))
        case UInt8(ascii: "D"): cursor.column = max(0, min(cursor.column, columns - 1) - max(1, number))
        case UInt8(ascii: "H"): cursor = (0, 0)
        case UInt8(ascii: "K"): clear(cursor.row, from: min(cursor.column, columns - 1))
        case UInt8(ascii: "J"):
            if number == 0 { clear(cursor.row, from: cursor.column) }
            for row in (number == 2 ? 0 : cursor.row + 1)..<max(rows, cursor.row + 1) { clear(row, from: 0) }
        case UInt8(ascii: "m"): style = body == "0" ? "" : body
        case UInt8(ascii: "h"), UInt8(ascii: "l"):
            if !body.hasPrefix("?") { unknown.append("mode \(body)") }
        default: unknown.append("sequence \(body)\(UnicodeScalar(pending[end]))")
        }
        return end + 1
    }

    private mutating func clear(_ row: Int, from column: Int) {
        guard row < rows else { return }
        for place in min(column, columns - 1)..<columns {
            cells[row][place] = " "
            styles[row][place] = ""
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
