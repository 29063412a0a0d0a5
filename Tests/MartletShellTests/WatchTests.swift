import Foundation
import Martlet
import MartletTestSupport
import Testing

/// `martlet run --watch`
@Suite(.enabled(if: Command.path != nil), .serialized)
struct WatchTests {
    private func write(_ text: String, _ name: String, in folder: Folder) throws {
        try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }

    private func watch(_ folder: Folder, _ arguments: String...) throws -> PseudoTerminal {
        try PseudoTerminal(
            ["run", "--watch", "s.mlet"] + arguments, home: folder.path, rows: 60, folder: folder.path)
    }

    /// How often it has finished a run.
    private func runs(_ terminal: PseudoTerminal) -> Int {
        terminal.output.components(separatedBy: "watching ").count - 1
    }

    @Test func itRunsAgainWhenTheScriptOrItsDataChanges() throws {
        let folder = try Folder()
        try write("a\n1\n", "d.csv", in: folder)
        try write("param n int = 5; load 'd.csv' |> extend $n as n", "s.mlet", in: folder)
        let terminal = try watch(folder, "--n", "7", "--format", "csv")
        try terminal.wait("the first run") { runs($0) == 1 }
        #expect(terminal.screen.text.contains("a,n\n1,7\nwatching 2 paths"))
        try write("a\n2\n", "d.csv", in: folder)
        try terminal.wait("the second run") { runs($0) == 2 }
        #expect(terminal.screen.text.contains("d.csv changed\na,n\n2,7"))
        try write("param n int; load 'd.csv' |> extend $n + a as m", "s.mlet", in: folder)
        try terminal.wait("the third run") { runs($0) == 3 }
        #expect(terminal.screen.text.contains("s.mlet changed\na,m\n2,9"))
        terminal.type("\u{3}")
        #expect(try terminal.waitForExit() == 130)
    }

    @Test func errorsAreShownAndWatchingGoesOn() throws {
        let folder = try Folder()
        try write("load 'missing.csv' |> selct a", "s.mlet", in: folder)
        let terminal = try watch(folder, "--format", "csv")
        try terminal.wait("the first run") { runs($0) == 1 }
        #expect(terminal.screen.text.contains("did you mean `select`?"))
        try write("load 'missing.csv' |> select a", "s.mlet", in: folder)
        try terminal.wait("the second run") { runs($0) == 2 }
        #expect(terminal.screen.text.contains("missing.csv"))
        // A file that was missing appears; a script that goes is missed.
        try write("a\n8\n", "missing.csv", in: folder)
        try terminal.wait("the third run") { runs($0) == 3 && $0.screen.text.contains("a\n8\n") }
        try FileManager.default.removeItem(atPath: folder.path + "/s.mlet")
        try terminal.wait("the fourth run") { runs($0) == 4 }
        #expect(terminal.screen.text.contains("cannot read `s.mlet`"))
        try write("from values (9) as t(b)", "s.mlet", in: folder)
        try terminal.wait("the fifth run") { runs($0) == 5 && $0.screen.text.contains("b\n9\n") }
    }

    @Test func aChangeStopsTheQueryThatRuns() throws {
        let folder = try Folder()
        mkfifo(folder.path + "/pipe", 0o600)
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/bash")
        writer.arguments = ["-c", "(echo a; yes 12345) > '\(folder.path)/pipe' 2> /dev/null"]
        try writer.run()
        defer { writer.terminate() }
        try write("load 'pipe' with (format = 'csv') |> where a < 0", "s.mlet", in: folder)
        let terminal = try watch(folder, "--format", "csv")
        try terminal.wait("the query") { $0.screen.text.contains(" rows/s") || $0.screen.text.contains("working, ") }
        try write("from values (3) as t(b)", "s.mlet", in: folder)
        try terminal.wait("the next run") { $0.screen.text.contains("b\n3\n") }
        #expect(!terminal.screen.text.contains("interrupted"))
    }

    @Test func standardInputIsRefused() throws {
        let result = try Command.run("run", "--watch", "-")
        #expect(result.code == 2)
        #expect(result.errors.contains("standard input cannot be watched"))
    }

    /// Many changes in a row are one: the last content is what is shown last, in fewer runs than there were changes.
    @Test func changesThatFollowOneAnotherAreWaitedOut() throws {
        let folder = try Folder()
        try write("load 'd.csv'", "s.mlet", in: folder)
        try write("a\n0\n", "d.csv", in: folder)
        let terminal = try watch(folder, "--format", "csv")
        try terminal.wait("the first run") { runs($0) == 1 }
        for number in 1...40 { try write("a\n\(number)\n", "d.csv", in: folder) }
        try terminal.wait("the last content") { $0.screen.text.contains("a\n40\nwatching") }
        #expect(runs(terminal) < 40)
    }
}

struct ScriptInputsTests {
    @Test(arguments: [
        ("load 'a.csv'; model m = load 'b/m' with (x = 'y'); load 'a.csv' |> write 'c.csv'", ["a.csv", "b/m"]),
        ("-- load 'no'\nload 'it''s.csv' |> selct 'load'", ["it's.csv"]), ("load '-'", []), ("load 'open", []),
        ("load 'log.csv' |> where a > 1 |> write 'log.csv'", []), ("load", []), ("", []),
    ])
    func paths(_ script: String, _ expected: [String]) { #expect(ScriptInputs(script).paths == expected) }

    @Test func changesAreSeen() throws {
        let folder = try Folder()
        let root = folder.path
        func snapshot() -> FileSnapshot {
            FileSnapshot(["\(root)/model", "\(root)/part-*.csv", "\(root)/one.csv"]) {
                ((try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? []).sorted()
            }
        }
        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
        }
        let nothing = snapshot()
        #expect(snapshot().changes(since: nothing).isEmpty)
        try write("one.csv", "a")
        let one = snapshot()
        #expect(one.changes(since: nothing) == ["\(root)/one.csv"])
        try write("one.csv", "ab")
        #expect(snapshot().changes(since: one) == ["\(root)/one.csv"])
        try FileManager.default.createDirectory(atPath: root + "/model", withIntermediateDirectories: false)
        try write("model/weights", "w")
        try write("part-1.csv", "p")
        let more = snapshot()
        #expect(more.changes(since: one).contains("\(root)/model/weights"))
        #expect(more.changes(since: one).contains("\(root)/part-1.csv"))
        try FileManager.default.removeItem(atPath: root + "/model/weights")
        #expect(snapshot().changes(since: more) == ["\(root)/model/weights"])
    }
}
