import Martlet
import MartletShell
import MartletTestSupport
import Testing

/// What is drawn while a text is typed, on a screen that only knows the bytes it is sent.
struct EditorScreenTests {
    private func frame(_ text: String, cursor: Int? = nil, width: Int = 20, colored: Bool = false) -> EditorFrame {
        EditorFrame(
            prompt: "> ", continuation: ". ", text: text, cursor: cursor ?? text.utf8.count,
            highlighting: colored ? Highlighting(text) : nil, width: width)
    }

    @Test func longLinesAreWrapped() {
        let frame = frame("abcdefghijklmnopqrstuvwxyz", cursor: 20)
        #expect(frame.rows == ["> abcdefghijklmnopqr", "stuvwxyz"])
        #expect((frame.cursorRow, frame.cursorColumn) == (1, 2))
    }

    @Test func theCursorBehindAFullRowStandsOnTheNext() {
        let full = frame("abcdefghijklmnopqr")
        #expect(full.rows == ["> abcdefghijklmnopqr", ""])
        #expect((full.cursorRow, full.cursorColumn) == (1, 0))
        // Within a text of many lines there is no row more than needed.
        #expect(frame("abcdefghijklmnopqr\nx").rows == ["> abcdefghijklmnopqr", ". x"])
        let between = frame("abcdefghijklmnopqr\nx", cursor: 18)
        #expect((between.cursorRow, between.cursorColumn) == (1, 0))
    }

    @Test func wideLettersAreNotCutInTwo() {
        let frame = frame("abcdefghijklmnopq日本", cursor: 17)
        #expect(frame.rows == ["> abcdefghijklmnopq", "日本"])
        #expect(frame.widths == [19, 4])
        #expect((frame.cursorRow, frame.cursorColumn) == (1, 0))
        let family = self.frame("👩‍👩‍👧x", cursor: "👩‍👩‍👧".utf8.count)
        #expect(family.cursorColumn == 4)
    }

    @Test func controlsAreShownAndSteerNothing() {
        #expect(frame("a\tb\u{1B}[31mc\u{202E}").rows == ["> a    b^[[31mc\u{FFFD}"])
    }

    @Test func aNarrowTerminalHasNoPrompt() {
        #expect(frame("abcdef", width: 4).rows == ["abcd", "ef"])
        #expect(frame("日", width: 1).rows == ["日", ""])
    }

    @Test func coloursChangeNothingElse() {
        let text = "load 'é日' |> where length(text) > 0.5 -- so\n|> limit $n;"
        let (plain, colored) = (frame(text), frame(text, colored: true))
        #expect(colored.rows != plain.rows)
        #expect(colored.rows.map(withoutColors) == plain.rows)
        #expect(colored.widths == plain.widths)
        #expect(colored.rows[0].hasPrefix("> \u{1B}[35mload\u{1B}[0m \u{1B}[32m'é日'\u{1B}[0m \u{1B}[1m|>\u{1B}[0m"))
    }

    /// Texts that follow one another by small and large changes, each drawn over the one before.
    @Test(arguments: [(20, 6), (7, 4), (80, 24), (3, 2)])
    func theScreenShowsTheText(_ width: Int, _ height: Int) {
        var random = SplitMix(seed: UInt64(width))
        var screen = EditorScreen()
        var terminal = TerminalScreen(columns: width, rows: height)
        let letters = ["a", "b", "日", "\n", " ", "'", "é", "load ", "|> ", "long words of it "]
        var text = ""
        for step in 0..<2_000 {
            switch random.next() % 8 {
            case 0: text = String(text.dropLast(Int(random.next() % 30)))
            case 1: text = String(text.dropFirst(Int(random.next() % 5)))
            case 2 where step % 40 == 0: text = ""
            default: text += letters[Int(random.next() % UInt64(letters.count))]
            }
            let cursor = text.prefix(Int(random.next() % UInt64(text.count + 1))).utf8.count
            let frame = frame(text, cursor: cursor, width: width, colored: true)
            terminal.take(screen.show(frame, width: width, height: height).utf8)
            let rows = frame.rows.map(withoutColors).map(withoutSpaces)
            let shown = terminal.lines.map(withoutSpaces)
            #expect(terminal.cursor.column == frame.cursorColumn, "step \(step)")
            #expect(shown[terminal.cursor.row] == rows[frame.cursorRow], "step \(step)")
            if rows.count <= height {
                let first = terminal.cursor.row - frame.cursorRow
                #expect(first >= 0 && Array(shown[first..<first + rows.count]) == rows, "step \(step)")
                #expect(shown[(first + rows.count)...].joined() == "", "step \(step)")
            }
        }
        #expect(terminal.unknown.isEmpty)
    }

    @Test func onlyWhatChangedIsWritten() {
        var screen = EditorScreen()
        _ = screen.show(frame("load 'a'\n|> limit 1"), width: 20, height: 10)
        let out = screen.show(frame("load 'a'\n|> limit 12"), width: 20, height: 10)
        #expect(!out.contains("load"))
        #expect(out.contains("limit 12"))
    }

    @Test func allOfATallTextStaysWhenItIsFinished() {
        var screen = EditorScreen()
        var terminal = TerminalScreen(columns: 20, rows: 4)
        let text = (1...9).map { "line \($0)" }.joined(separator: "\n")
        terminal.take(screen.show(frame(text), width: 20, height: 4).utf8)
        #expect(terminal.lines == [". line 6", ". line 7", ". line 8", ". line 9"])
        terminal.take(screen.finish(frame(text), width: 20, height: 4).utf8)
        #expect(terminal.all.hasSuffix("> line 1\n" + (2...9).map { ". line \($0)\n" }.joined()))
    }

    private func withoutColors(_ text: String) -> String {
        var result = ""
        var isEscape = false
        for character in text {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { result.append(character) }
            if character == "m" { isEscape = false }
        }
        return result
    }

    private func withoutSpaces(_ text: String) -> String { String(text.reversed().drop { $0 == " " }.reversed()) }
}
