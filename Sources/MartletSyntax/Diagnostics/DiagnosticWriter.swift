/// Writes the parts of one diagnostic below each other behind a gutter of line numbers.
struct DiagnosticWriter {
    let style: DiagnosticStyle
    /// Digits of the largest line number shown.
    let gutter: Int
    private(set) var text = ""

    /// Column at which the place of a run-time error stands, if the message leaves room.
    private static let placeColumn = 62
    /// Lines that are wider are shown in part.
    private static let lineWidth = 160

    init(style: DiagnosticStyle, gutter: Int) {
        self.style = style
        self.gutter = gutter
    }

    private enum Color: String {
        case red = "\u{1B}[1;31m"
        case yellow = "\u{1B}[1;33m"
        case blue = "\u{1B}[1;34m"
        case bold = "\u{1B}[1m"
    }

    private func painted(_ text: String, _ color: Color) -> String {
        style == .plain || text.isEmpty ? text : color.rawValue + text + "\u{1B}[0m"
    }

    private func color(of severity: Diagnostic.Severity) -> Color { severity == .error ? .red : .yellow }

    mutating func header(_ diagnostic: Diagnostic) {
        let code = "\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]"
        let message = ": " + DisplayLine.harmless(diagnostic.message)
        text += painted(code, color(of: diagnostic.severity)) + painted(message, .bold)
        if let place = diagnostic.place {
            let used = code.count + message.count
            text += String(repeating: " ", count: max(2, Self.placeColumn - used)) + DisplayLine.harmless(place)
        }
        text += "\n"
    }

    mutating func sourceName(_ name: String) {
        text += String(repeating: " ", count: gutter + 2) + painted("> ", .blue) + DisplayLine.harmless(name) + "\n"
    }

    mutating func detail(_ detail: String) {
        row(nil, "  " + DisplayLine.harmless(detail))
    }

    mutating func trailer(_ kind: String, _ words: String) {
        let indent = String(repeating: " ", count: gutter + 2)
        text +=
            indent + painted("=", .blue) + " " + painted(kind + ":", .bold) + " " + DisplayLine.harmless(words) + "\n"
    }

    /// The source lines that labels stand on, each followed by its underlines.
    mutating func lines(of source: SourceText, _ labels: [Label], severity: Diagnostic.Severity) {
        let byLine = Dictionary(grouping: labels) { source.line(at: $0.span.start) }
        var shown: Int?
        for line in byLine.keys.sorted() {
            if let shown, line == shown + 2 {
                row(shown + 1, DisplayLine(source, line: shown + 1).text(in: 0..<Self.lineWidth))
            } else if let shown, line > shown + 2 {
                text += painted(String(repeating: " ", count: gutter) + " ...", .blue) + "\n"
            }
            show(source, line, byLine[line] ?? [], severity)
            shown = line
        }
    }

    private mutating func show(_ source: SourceText, _ line: Int, _ labels: [Label], _ severity: Diagnostic.Severity) {
        let display = DisplayLine(source, line: line)
        var marks = labels.map { Mark($0, display.columns(of: $0.span)) }
        marks.sort { $0.columns.lowerBound < $1.columns.lowerBound }
        var window = 0..<Self.lineWidth
        if display.width > Self.lineWidth, let first = marks.first?.columns.lowerBound, first > Self.lineWidth / 2 {
            window = first - Self.lineWidth / 2..<first + Self.lineWidth / 2
        }
        row(line, display.text(in: window))
        for underline in Self.rows(of: marks) { row(nil, underlines(underline, window, severity)) }
    }

    /// A label with the display columns that it underlines.
    private struct Mark {
        let label: Label
        let columns: Range<Int>

        init(_ label: Label, _ columns: Range<Int>) {
            self.label = label
            self.columns = columns
        }
    }

    /// Marks that can stand in one row: they do not overlap, and only the last one has words.
    private static func rows(of marks: [Mark]) -> [[Mark]] {
        var rows: [[Mark]] = []
        for mark in marks {
            if let last = rows.last?.last, last.label.text.isEmpty, last.columns.upperBound <= mark.columns.lowerBound {
                rows[rows.count - 1].append(mark)
            } else {
                rows.append([mark])
            }
        }
        return rows
    }

    private func underlines(_ marks: [Mark], _ window: Range<Int>, _ severity: Diagnostic.Severity) -> String {
        var result = ""
        var column = window.lowerBound
        for mark in marks {
            let start = max(mark.columns.lowerBound, column)
            let end = max(min(mark.columns.upperBound, window.upperBound), start + 1)
            guard start <= window.upperBound else { continue }
            result += String(repeating: " ", count: start - column)
            let sign = String(repeating: mark.label.isPrimary ? "^" : "-", count: end - start)
            let words = mark.label.text.isEmpty ? "" : " " + DisplayLine.harmless(mark.label.text)
            result += painted(sign + words, mark.label.isPrimary ? color(of: severity) : .blue)
            column = end
        }
        return result
    }

    private mutating func row(_ line: Int?, _ content: String) {
        let number = line.map(String.init) ?? ""
        let gutter = " " + String(repeating: " ", count: max(0, gutter - number.count)) + number + " |"
        text += painted(gutter, .blue) + (content.isEmpty ? "" : " " + content) + "\n"
    }
}
