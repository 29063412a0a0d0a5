import Foundation
import MartletTestSupport
import Testing

/// Queries in the built shell on a terminal: results, commands, interruptions.
@Suite(.enabled(if: Command.path != nil), .serialized)
struct ShellSessionTests {
    private func shell(
        _ home: Folder, _ arguments: [String] = [], environment: [String: String?] = [:], rows: Int = 40
    ) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            arguments, home: home.path, environment: environment, rows: rows, folder: home.path)
        try terminal.waitForPrompt()
        return terminal
    }

    /// Types a statement or command and waits for the next prompt; what was shown between.
    private func answer(_ terminal: PseudoTerminal, _ text: String) throws -> String {
        terminal.type("\u{C}" + text + "\r")
        try terminal.wait("the answer to `\(text)`") { terminal in
            terminal.screen.text.contains("martlet> " + text + "\n") && terminal.isAtPrompt
        }
        return String(terminal.screen.text.dropFirst("martlet> \(text)\n".count))
    }

    // MARK: The last result

    @Test func theLastResultIsUnderscore() throws {
        let home = try Folder()
        let terminal = try shell(home)
        #expect(try answer(terminal, "from _;").contains("`_` is the last result in the shell, and there is none"))
        _ = try answer(terminal, "from values (1), (2), (3) as t(a);")
        #expect(try answer(terminal, "from _ |> where a > 1;").contains("│   3 │"))
        #expect(try answer(terminal, "from _ |> aggregate count() as n;").contains("│   2 │"))
        // A let goes on to mean the result that was the last one when it was written, whatever its columns.
        _ = try answer(terminal, "from values (20), (22) as t(b);")
        _ = try answer(terminal, "let kept = from _ |> extend b * 2 as c;")
        _ = try answer(terminal, "from values ('other') as t(word);")
        #expect(try answer(terminal, "from kept |> aggregate sum(c) as s;").contains("│  84 │"))
        // Within one line each statement sees the one before.
        #expect(try answer(terminal, "from values (9) as t(z); from _ |> extend z + 1 as y;").contains("│   9 │  10 │"))
        // An error leaves it as it was; what commands show is no result.
        #expect(try answer(terminal, "from nothing;").contains("E0"))
        _ = try answer(terminal, ".models")
        #expect(try answer(terminal, "from _ |> select y;").contains("│  10 │"))
    }

    // MARK: Commands

    @Test func commandsSetHowResultsAreShown() throws {
        let home = try Folder()
        let terminal = try shell(home)
        _ = try answer(terminal, ".mode jsonl")
        #expect(try answer(terminal, "from values (1) as t(a);").hasPrefix("{\"a\":1}\n"))
        _ = try answer(terminal, ".mode auto")
        _ = try answer(terminal, ".width 20")
        #expect(
            try answer(terminal, "from values ('a long text that is cut') as t(a);").contains("│ a long text tha… │"))
        _ = try answer(terminal, ".timer on")
        #expect(try answer(terminal, "from values (1) as t(a);").contains("\ntime: "))
        #expect(try answer(terminal, ".mod csv").contains("did you mean `.mode`?"))
        #expect(try answer(terminal, ".explain from values (1) as t(a)").hasPrefix("values (1 rows; a)"))
        _ = try answer(terminal, ".explain on")
        #expect(try answer(terminal, "from values (2) as t(a);").hasPrefix("values (1 rows; a)"))
        _ = try answer(terminal, ".explain off")
        #expect(try answer(terminal, "from values (3) as t(a);").contains("│   3 │"))
        #expect(try answer(terminal, ".help width").hasPrefix(".width [COLUMNS]  the width of boxes"))
    }

    @Test func outputGoesToAFile() throws {
        let home = try Folder()
        let terminal = try shell(home)
        _ = try answer(terminal, ".output out.jsonl")
        #expect(try answer(terminal, "from values (1) as t(a);").hasPrefix("martlet>"))
        _ = try answer(terminal, ".output no/such/folder.csv")
        #expect(terminal.screen.text.contains("cannot write `no/such/folder.csv`: No such file or directory"))
        #expect(terminal.screen.text.contains("results still go to out.jsonl"))
        _ = try answer(terminal, "from values (2) as t(a);")
        _ = try answer(terminal, ".output")
        #expect(try answer(terminal, "from values (3) as t(a);").contains("│   3 │"))
        #expect(try String(contentsOfFile: home.path + "/out.jsonl", encoding: .utf8) == "{\"a\":1}\n{\"a\":2}\n")
    }

    @Test func scriptsAreRead() throws {
        let home = try Folder()
        try "let d = from values (1) as t(a);\nfrom d |> extend a + 1 as b".write(
            toFile: home.path + "/s.mlet", atomically: true, encoding: .utf8)
        let terminal = try shell(home)
        #expect(try answer(terminal, ".read s.mlet").contains("│   1 │   2 │"))
        #expect(try answer(terminal, ".tables").contains("│ d      │ a int"))
        #expect(try answer(terminal, ".read t.mlet").contains("did you mean `s.mlet`?"))
    }

    // MARK: Startup

    @Test func theStartupFileIsRunFirst() throws {
        let home = try Folder()
        try
            "let mine = from values (11) as t(a);\n.mode jsonl\n\nfrom values (1)\n  as t(a) |> selct b;\n.tmier on\n.width 30\n"
            .write(toFile: home.path + "/.martletrc", atomically: true, encoding: .utf8)
        let terminal = try shell(home)
        // Its mistakes are told with their place, and what follows them is run.
        #expect(terminal.screen.text.contains("did you mean `select`?"))
        #expect(terminal.screen.text.contains("5 |   as t(a) |> selct b;"))
        #expect(terminal.screen.text.contains(".martletrc, line 6"))
        #expect(try answer(terminal, "from mine;").hasPrefix("{\"a\":11}"))
        let without = try shell(home, ["--no-rc"])
        #expect(!without.screen.text.contains("selct"))
        #expect(try answer(without, "from mine;").contains("there is nothing called `mine`"))
    }

    // MARK: Paging

    @Test func longResultsGoToThePager() throws {
        let home = try Folder()
        // A pager that takes everything and says so.
        let pager = "cat > paged; echo shown; exec < /dev/tty; read line"
        let terminal = try shell(home, environment: ["PAGER": pager], rows: 20)
        let rows = (1...50).map { "(\($0))" }.joined(separator: ", ")
        let query = "from values \(rows) as t(a);"
        terminal.type(query + "\r")
        try terminal.waitFor("shown")
        #expect(!terminal.isAtPrompt)
        terminal.type("\r")
        try terminal.waitForPrompt()
        let paged = try String(contentsOfFile: home.path + "/paged", encoding: .utf8)
        // All of it, which the screen alone would not show.
        for row in 1...50 { #expect(paged.contains("│ " + (row < 10 ? "  " : " ") + "\(row) │")) }
        #expect(try answer(terminal, "from values (1) as t(a);").contains("│   1 │"))
        _ = try answer(terminal, ".pager off")
        try FileManager.default.removeItem(atPath: home.path + "/paged")
        terminal.type(query + "\r")
        try terminal.waitFor("50 rows (40 shown)")
        #expect(!FileManager.default.fileExists(atPath: home.path + "/paged"))
    }

    @Test(arguments: ["box", "csv", "markdown"])
    func aPagerThatLeavesEarlyOrIsMissingDoesNoHarm(_ mode: String) throws {
        let home = try Folder()
        try (["a"] + (0..<100_000).map { "\($0)" }).joined(separator: "\n").write(
            toFile: home.path + "/many.csv", atomically: true, encoding: .utf8)
        let terminal = try shell(home, environment: ["PAGER": "head -n 3 > paged"], rows: 20)
        _ = try answer(terminal, ".mode \(mode)")
        _ = try answer(terminal, "load 'many.csv';")
        #expect(try String(contentsOfFile: home.path + "/paged", encoding: .utf8).split(separator: "\n").count == 3)
        #expect(!terminal.screen.text.contains("rror"))
        let other = try shell(home, environment: ["PAGER": "no-such-pager-anywhere"], rows: 20)
        _ = try answer(other, ".mode \(mode)")
        other.type("load 'many.csv' |> limit 30;\r")
        try other.wait("a remark") {
            $0.screen.all.contains("there is no pager `no-such-pager-anywhere`") && $0.isAtPrompt
        }
    }

    // MARK: Interruptions

    /// A pipe that rows keep coming through until the last reader leaves.
    private func endlessRows(_ home: Folder) throws -> Process {
        mkfifo(home.path + "/pipe", 0o600)
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/bash")
        writer.arguments = ["-c", "(echo a; yes 12345) > '\(home.path)/pipe' 2> /dev/null"]
        try writer.run()
        return writer
    }

    @Test func ctrlCStopsTheQueryAndProgressShowsAfterAWhile() throws {
        let home = try Folder()
        let terminal = try shell(home)
        let writer = try endlessRows(home)
        defer { writer.terminate() }
        let start = Date()
        terminal.type("load 'pipe' with (format = 'csv') |> where a < 0;\r")
        try terminal.wait("progress") { $0.screen.text.contains(" rows/s") || $0.screen.text.contains("working, ") }
        #expect(Date().timeIntervalSince(start) >= 1.9)
        terminal.type("\u{3}")
        try terminal.waitForPrompt()
        // The line of progress has gone.
        #expect(!terminal.screen.text.contains("rows/s") && !terminal.screen.text.contains("working"))
        #expect(terminal.screen.text.contains("interrupted"))
        #expect(try answer(terminal, "from values (1) as t(a);").contains("│   1 │"))
    }

    /// A pipe that has not been opened for writing yet, and one that has told just its header.
    @Test(arguments: ["", "a\n", "a\n1\n"])
    func ctrlCStopsAQueryThatWaitsForInput(_ written: String) throws {
        let home = try Folder()
        let pipe = home.path + "/pipe"
        mkfifo(pipe, 0o600)
        let terminal = try shell(home)
        let descriptor = written.isEmpty ? -1 : open(pipe, O_RDWR)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor >= 0 { _ = written.withCString { write(descriptor, $0, strlen($0)) } }
        terminal.type("load 'pipe' with (format = 'csv');\r")
        // It has begun to wait: what is typed is shown by the terminal, not by the editor.
        try terminal.wait("the query") { $0.screen.text.contains("csv');") && $0.screen.cursor.column == 0 }
        terminal.type("\u{3}")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("interrupted"))
        #expect(try answer(terminal, "from values (1) as t(a);").contains("│   1 │"))
    }

    // MARK: Terminals that do not read, or go

    @Test func aTerminalThatStopsReadingOnlyWaits() throws {
        let home = try Folder()
        let terminal = try shell(home)
        _ = try answer(terminal, ".pager off")
        _ = try answer(terminal, ".mode csv")
        try (["a"] + (0..<200_000).map { "\($0)" }).joined(separator: "\n").write(
            toFile: home.path + "/many.csv", atomically: true, encoding: .utf8)
        // Nothing is read while this writes far more than a terminal holds; then it is stopped.
        terminal.typeWithoutReading("load 'many.csv' |> write 'copy.csv'; load 'many.csv';\r")
        let copy = home.path + "/copy.csv"
        let end = Date().addingTimeInterval(PseudoTerminal.patience)
        while !FileManager.default.fileExists(atPath: copy), Date() < end { usleep(20_000) }
        #expect(FileManager.default.fileExists(atPath: copy))
        terminal.typeWithoutReading("\u{3}")
        try terminal.waitForPrompt()
        #expect(try answer(terminal, "from values (1) as t(a);").hasPrefix("a\n1\n"))
    }

    @Test func aClosedTerminalEndsTheShell() throws {
        let home = try Folder()
        let idle = try shell(home)
        idle.hangUp()
        _ = try idle.waitForExit()
        let busy = try shell(home)
        let writer = try endlessRows(home)
        defer { writer.terminate() }
        busy.type("load 'pipe' with (format = 'csv') |> write 'out.csv';\r")
        try busy.wait("the query") { $0.screen.text.contains(" rows/s") || $0.screen.text.contains("working, ") }
        busy.hangUp()
        #expect(try busy.waitForExit() == 129)
        #expect(!FileManager.default.fileExists(atPath: home.path + "/out.csv"))
    }
}
