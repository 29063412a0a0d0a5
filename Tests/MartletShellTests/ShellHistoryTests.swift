import Foundation
import MartletTestSupport
import Testing

/// What the shell remembers, from one session to the next.
@Suite(.enabled(if: Command.path != nil), .serialized)
struct ShellHistoryTests {
    private func shell(_ home: String, environment: [String: String?] = [:]) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(home: home, environment: environment)
        try terminal.waitForPrompt()
        return terminal
    }

    @Test(arguments: ["xterm", "dumb"])
    func earlierStatementsComeBack(_ kind: String) throws {
        let home = try Folder()
        let first = try shell(home.path, environment: ["TERM": kind])
        try first.enter("from values ('one')") { $0.screen.text.contains("...>") }
        try first.enter("as t(a);") { $0.isAtPrompt }
        try first.enter("from values ('two') as t(a);") { $0.isAtPrompt && $0.screen.text.contains("│ two") }
        first.type("\u{4}")
        #expect(try first.waitForExit() == 0)

        let second = try shell(home.path)
        second.type("\u{1B}[A")
        try second.waitFor("martlet> from values ('two') as t(a);")
        second.type("\u{1B}[A")
        try second.waitFor("martlet> from values ('one')\n    ...> as t(a);")
        second.type("\r")
        try second.waitForPrompt()
        #expect(second.screen.text.contains("│ one"))
    }

    @Test func ctrlRSearches() throws {
        let home = try Folder()
        try "from values ('needle')\\nas t(a);\nfrom values ('hay') as t(a);\n".write(
            toFile: home.path + "/.martlet_history", atomically: true, encoding: .utf8)
        let terminal = try shell(home.path)
        terminal.type("\u{12}need")
        try terminal.waitFor("(reverse-i-search)`need': from values ('needle')\n    ...> as t(a);")
        terminal.type("\r")
        try terminal.waitForPrompt()
        #expect(terminal.screen.text.contains("│ needle │"))
        #expect(terminal.screen.unknown.isEmpty)
    }

    @Test func aPlaceThatCannotBeWrittenDoesNoHarm() throws {
        let home = try Folder()
        try FileManager.default.createDirectory(
            atPath: home.path + "/.martlet_history", withIntermediateDirectories: false)
        for (home, environment) in [
            (home.path, [:]), ("/proc/none", [:]), (home.path, ["MARTLET_HISTORY": "/dev/full"]),
            (home.path, ["XDG_STATE_HOME": "/proc/none"]), (home.path, ["HOME": nil]),
        ] as [(String, [String: String?])] {
            let terminal = try shell(home, environment: environment)
            try terminal.enter("from values (5) as t(a);") { $0.isAtPrompt && $0.screen.text.contains("│   5 │") }
            terminal.type("\u{1B}[A")
            try terminal.waitFor("1 row\nmartlet> from values (5) as t(a);")
            try terminal.interrupt()
            terminal.type("\u{4}")
            #expect(try terminal.waitForExit() == 0)
            #expect(!terminal.screen.text.contains("rror"))
        }
    }
}
