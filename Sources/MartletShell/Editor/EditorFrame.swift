import Martlet

/// A text that is being typed as rows of a terminal: prompts, colours, long lines wrapped, and where the cursor stands.
package struct EditorFrame: Equatable {
    /// Rows with their escape sequences for colours; each begins and ends without a colour.
    package private(set) var rows: [String] = []
    /// Columns that each row takes.
    package private(set) var widths: [Int] = []
    package private(set) var cursorRow = 0
    package private(set) var cursorColumn = 0

    /// Columns of a tab, wherever it stands.
    private static let tab = 4

    private let width: Int
    private var row = ""
    private var column = 0
    /// The colour that is on at the end of `row`.
    private var style: Style?

    /// - Parameters:
    ///   - prompt: before the first line; `continuation` before the others.
    ///   - cursor: a byte of `text`.
    ///   - width: columns of the terminal; prompts are left out where it has no room for them.
    package init(
        prompt: String, continuation: String, text: String, cursor: Int, highlighting: Highlighting?, width: Int
    ) {
        self.width = max(2, width)
        let parts = highlighting?.parts ?? []
        let isColored = highlighting != nil
        var part = 0
        var offset = 0
        var hasCursor = false
        start(prompt, isDim: false)
        for character in text {
            while part < parts.count, parts[part].end <= offset { part += 1 }
            let style = part < parts.count && parts[part].start <= offset ? Style(parts[part].kind) : nil
            let isLineEnd = character == "\n" || character == "\r\n"
            let (shown, columns) = isLineEnd ? ("", 1) : Self.shown(character)
            if column + columns > self.width, !isLineEnd || offset >= cursor && !hasCursor { wrap() }
            if offset >= cursor, !hasCursor {
                hasCursor = true
                (cursorRow, cursorColumn) = (rows.count, column)
            }
            offset += character.utf8.count
            if isLineEnd {
                wrap()
                start(continuation, isDim: isColored)
            } else {
                turn(to: isColored ? style : nil)
                row += shown
                column += columns
            }
        }
        if !hasCursor {
            if column >= self.width { wrap() }
            (cursorRow, cursorColumn) = (rows.count, column)
        }
        wrap()
    }

    private mutating func start(_ prompt: String, isDim: Bool) {
        let columns = DisplayWidth.of(prompt)
        guard columns + 4 <= width else { return }
        row = isDim ? Style.dim(prompt, if: true) : prompt
        column = columns
    }

    private mutating func turn(to style: Style?) {
        guard style != self.style else { return }
        if self.style != nil { row += Style.off }
        if let style { row += style.on }
        self.style = style
    }

    private mutating func wrap() {
        turn(to: nil)
        rows.append(row)
        widths.append(column)
        row = ""
        column = 0
    }

    /// Controls as readline shows them: `^C`.
    private static func shown(_ character: Character) -> (String, Int) {
        if character == "\t" { return (String(repeating: " ", count: tab), tab) }
        let first = character.unicodeScalars.first?.value ?? 0
        if first < 0x20 || first == 0x7F {
            return ("^" + String(UnicodeScalar(UInt8(first ^ 0x40))), 2)
        }
        let columns = DisplayWidth.of(character)
        // A mark without a letter, or a control of Unicode: nothing that a terminal could be trusted with.
        return columns == 0 ? ("\u{FFFD}", 1) : (String(character), columns)
    }
}

extension Style {
    init(_ kind: Highlighting.Kind) {
        self =
            switch kind {
            case .keyword: .magenta
            case .function: .cyan
            case .string: .green
            case .number: .brown
            case .parameter: .blue
            case .comment: .dim
            case .pipe: .bold
            case .mistake: .red
            }
    }
}
