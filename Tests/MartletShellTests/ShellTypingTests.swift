import Foundation
import MartletShell
import MartletTestSupport
import Testing

/// The built shell on a terminal: what a person sees while typing. Skipped where it is not built.
@Suite(.enabled(if: Command.path != nil), .serialized)
struct ShellTypingTests {
    private let sample = ProjectFiles.root + "/examples/data/sample.csv"

    private func shell(
        _ home: Folder, environment: [String: String?] = [:], columns: Int = 80, rows: Int = 24
    ) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            home: home.path, environment: environment, columns: columns, rows: rows, folder: home.path)
        try terminal.waitForPrompt()
        return terminal
    }

    // MARK: Colours

    @Test func whatIsTypedHasColours() throws {
        let home = try Folder()
        let terminal = try shell(home)
        let text = "load 'é日.csv' |> where length(t) > 0.5 -- why"
        terminal.type(text)
        try terminal.waitFor("martlet> " + text)
        #expect(terminal.screen.style(of: "load") == "35")
        #expect(terminal.screen.style(of: "'é") == "32")
        #expect(terminal.screen.style(of: "|>") == "1")
        #expect(terminal.screen.style(of: "length") == "36")
        #expect(terminal.screen.style(of: "0.5") == "33")
        #expect(terminal.screen.style(of: "-- why") == "2")
        #expect(terminal.screen.style(of: "(t)") == "")
        #expect(terminal.screen.cursor.column == DisplayWidth.of("martlet> " + text))
        #expect(terminal.screen.unknown.isEmpty)
    }

    @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func noColours(_ environment: [String: String]) throws {
        let home = try Folder()
        let terminal = try shell(home, environment: environment)
        try terminal.enter("from values (1)") { $0.screen.text.contains("...>") }
        try terminal.enter("as t(a);") { $0.isAtPrompt }
        #expect(terminal.screen.text.contains("│   1 │"))
        #expect(!terminal.output.contains("m|>") && !terminal.output.contains("\u{1B}[35m"))
        if environment["TERM"] == "dumb" { #expect(!terminal.output.contains("\u{1B}")) }
    }

    // MARK: Lines

    @Test func longLinesWrapAndCanBeChanged() throws {
        let home = try Folder()
        let terminal = try shell(home, columns: 30, rows: 10)
        // 21 letters fit behind the prompt.
        terminal.type("from values ('0123456789日本語') as t(a);")
        try terminal.waitFor("martlet> from values ('0123456\n789日本語') as t(a);")
        terminal.type(String(repeating: "\u{1B}[D", count: 12) + "x")
        try terminal.waitFor("\n789日本x語') as t(a);")
        terminal.type("\u{1}")
        try terminal.wait("the start of the line") { $0.screen.cursor == (1, 9) || $0.screen.cursor.column == 9 }
        terminal.type("\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│ 0123456789日本x語 │"))
    }

    @Test func aStatementOfManyLinesIsEditedAsOne() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("from values (1), (2), (3) as t(a)\r|> where a > 1\r|> limit 9")
        try terminal.waitFor("    ...> |> limit 9")
        // Up two lines, to the number of values, and change one.
        terminal.type("\u{1B}[A\u{1B}[A\u{5}")
        try terminal.wait("the first line") { $0.screen.cursor.column == 9 + 33 }
        terminal.type(" |> extend a * 10 as b")
        try terminal.waitFor("as t(a) |> extend a * 10 as b\n    ...> |> where a > 1\n    ...> |> limit 9")
        terminal.type("\u{1B}[B\u{1B}[B\u{5};\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│   3 │  30 │"))
    }

    @Test func anEmptyLineRunsWhatCouldRun() throws {
        let home = try Folder()
        let terminal = try shell(home)
        try terminal.enter("from values (41 + 1)") { $0.screen.lines.last { !$0.isEmpty } == "    ...>" }
        // Not yet: there is no name for what follows.
        try terminal.enter("as") { $0.screen.text.contains("...> as\n    ...>") }
        try terminal.enter("") { $0.screen.text.contains("...> as\n    ...>\n    ...>") }
        try terminal.enter("t(a)") { $0.screen.text.contains("...> t(a)\n    ...>") }
        terminal.type("\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│  42 │"))
    }

    @Test func aCommentMayStandAloneOrBeforeAStatement() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("-- nothing\r\r")
        try terminal.waitForPrompt()
        terminal.type("-- one\rfrom values (1) as t(a);\r")
        try terminal.wait("the result") { $0.isAtPrompt && $0.screen.text.contains("│   1 │") }
        #expect(!terminal.screen.text.contains("rror"))
    }

    @Test func pastedTextIsOneText() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("\u{1B}[200~from values (1)\nas t(a);\nfrom values (2) as t(b)\u{1B}[201~")
        try terminal.waitFor("...> from values (2) as t(b)")
        #expect(!terminal.screen.text.contains("│"))
        terminal.type(";\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│   1 │") && terminal.screen.text.contains("│   2 │"))
    }

    @Test func theWindowMayChange() throws {
        let home = try Folder()
        let terminal = try shell(home, columns: 60, rows: 12)
        terminal.type("from values ('abcdefghijklmnop') as t(a)")
        try terminal.waitFor("martlet> from values ('abcdefghijklmnop') as t(a)")
        terminal.resize(columns: 30, rows: 12)
        try terminal.waitFor("martlet> from values ('abcdefg\nhijklmnop') as t(a)")
        terminal.resize(columns: 70, rows: 12)
        try terminal.waitFor("martlet> from values ('abcdefghijklmnop') as t(a)")
        terminal.type(";\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│ abcdefghijklmnop │"))
    }

    // MARK: Keys

    @Test func tabCompletesAndLists() throws {
        let home = try Folder()
        try FileManager.default.copyItem(atPath: sample, toPath: home.path + "/reviews.csv")
        let terminal = try shell(home)
        terminal.type("lo\t'rev\t |> wh\tsou\t= 'x' |> or\tb\tte\t;")
        try terminal.waitFor("load 'reviews.csv' |> where source= 'x' |> order by text;")
        try terminal.interrupt()
        // What all candidates have in common first, then all of them.
        terminal.type("from values (1, 2) as t(xylo, xyla) |> where x\t")
        try terminal.waitFor("where xyl")
        terminal.type("\t")
        try terminal.waitFor("\nxylo  xyla\nmartlet> from values (1, 2) as t(xylo, xyla) |> where xyl")
        try terminal.interrupt()
        terminal.type(".ti\to\tn")
        try terminal.waitFor("martlet> .timer on")
    }

    @Test func ctrlCClearsTheLineAndCtrlDLeaves() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("from values (1)\rwrong")
        try terminal.waitFor("...> wrong")
        try terminal.interrupt()
        try terminal.enter("from values (7) as t(a);") { $0.isAtPrompt && $0.screen.text.contains("│   7 │") }
        terminal.type("\u{4}")
        #expect(try terminal.waitForExit() == 0)
    }

    @Test func ctrlZSuspendsAndTheTextComesBack() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("from values (1)\ras t")
        try terminal.waitFor("...> as t")
        terminal.type("\u{1A}")
        try terminal.waitUntilStopped()
        terminal.type("\u{C}")
        terminal.send(SIGCONT)
        try terminal.wait("the text, drawn again") {
            $0.screen.text.hasPrefix("martlet> from values (1)\n    ...> as t\n\n")
        }
        terminal.type("(a);\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│   1 │"))
    }

    @Test func aLongPastedTextIsTakenWhole() throws {
        let home = try Folder()
        let terminal = try shell(home)
        let values = (1...5_000).map { "(\($0), 'row \($0)')" }.joined(separator: ",\n")
        terminal.type("\u{1B}[200~from values \(values) as t(n, s)\n|> aggregate sum(n) as total\u{1B}[201~")
        try terminal.waitFor("...> |> aggregate sum(n) as total")
        terminal.type(";\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│ 12502500 │"))
    }

    @Test func ctrlLClearsTheScreen() throws {
        let home = try Folder()
        let terminal = try shell(home)
        terminal.type("from values\u{C}")
        try terminal.wait("a clear screen") { $0.screen.text.hasPrefix("martlet> from values\n\n") }
    }
}
