/// A line of source as a terminal shows it: tabs as four columns, wide characters as two, controls made visible.
struct DisplayLine {
    private let cells: [(text: String, width: Int)]
    /// Byte offset of each cell, and of the end.
    private let offsets: [Int]
    let width: Int

    static let tab = "    "

    init(_ source: SourceText, line: Int) {
        let span = source.lineSpan(line)
        var cells: [(text: String, width: Int)] = []
        var offsets: [Int] = []
        var offset = span.start
        for character in source[span] {
            offsets.append(offset)
            cells.append(Self.cell(character))
            offset += character.utf8.count
        }
        offsets.append(max(offset, span.end))
        self.cells = cells
        self.offsets = offsets
        width = cells.reduce(0) { $0 + $1.width }
    }

    /// The display columns of a span on this line, from 0; at least one column, at most to the end of the line (one beyond
    /// for a span that begins there).
    func columns(of span: Span) -> Range<Int> {
        var start: Int?
        var column = 0
        for (index, cell) in cells.enumerated() {
            if start == nil, offsets[index + 1] > span.start { start = column }
            if let start, offsets[index] >= span.end { return start..<max(column, start + 1) }
            column += cell.width
        }
        let from = start ?? column
        return from..<max(column, from + 1)
    }

    /// The part between two columns, `…` where something was cut off.
    func text(in window: Range<Int>) -> String {
        var result = ""
        var column = 0
        for cell in cells {
            if column >= window.upperBound {
                result += "…"
                break
            }
            if column >= window.lowerBound { result += column == window.lowerBound && column > 0 ? "…" : cell.text }
            column += cell.width
        }
        return result
    }

    private static func cell(_ character: Character) -> (text: String, width: Int) {
        if character == "\t" { return (tab, tab.count) }
        guard let scalar = character.unicodeScalars.first else { return ("", 0) }
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return ("\u{FFFD}", 1) }
        if scalar.properties.generalCategory == .format { return ("\u{FFFD}", 1) }
        return (String(character), isWide(scalar) ? 2 : 1)
    }

    /// East Asian wide and fullwidth blocks, and emoji that are shown as pictures.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }

    /// Words that hold input, with line ends and controls made visible, so that they neither break the layout nor steer a terminal.
    static func harmless(_ words: String) -> String {
        if words.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 < 0xC2 || $0 > 0xC2 }) { return words }
        var result = ""
        for character in words {
            if character.isNewline {
                result += "⏎"
            } else {
                result += character == "\t" ? " " : cell(character).text
            }
        }
        return result
    }
}
