import Foundation
import MartletShell
import Testing

struct HistoryFileTests {
    @Test(arguments: ["load 'a';", "load 'a'\n|> limit 2;", "a\\nb", "'\\s+'\n\\", "日本\n\n", "\\"])
    func linesAreReadAsTheyWereWritten(_ text: String) throws {
        #expect(HistoryFile.decoded(HistoryFile.encoded(text)) == text)
        #expect(!HistoryFile.encoded(text).contains("\n"))
        let folder = try Folder()
        let history = HistoryFile(path: folder.path + "/history")
        history?.append("first")
        history?.append(text)
        #expect(history?.load() == ["first", text])
    }

    @Test func onlyTheOwnerReadsIt() throws {
        let folder = try Folder()
        HistoryFile(path: folder.path + "/history")?.append("x")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/history")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func oldEntriesGo() throws {
        let folder = try Folder()
        let path = folder.path + "/history"
        let count = HistoryFile.limit * 2 + 10
        try (0..<count).map { "entry \($0)\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
        let entries = HistoryFile(path: path)?.load() ?? []
        #expect(entries.count == HistoryFile.limit)
        #expect(entries.last == "entry \(count - 1)")
        // The file itself was shortened, and nothing is left beside it.
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == HistoryFile.limit)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["history"])
    }

    /// A folder, a pipe that nobody reads, a missing folder, bytes that are no text.
    @Test func whatIsNoHistoryDoesNoHarm() throws {
        let folder = try Folder()
        mkfifo(folder.path + "/pipe", 0o600)
        for path in [folder.path, folder.path + "/pipe", folder.path + "/no/history", "/dev/full", ""] {
            let history = HistoryFile(path: path)
            history?.append("x")
            #expect(history?.load() == [])
        }
        try Data([0xFF, 0x0A, 0x61, 0x00, 0x0A, 0x62]).write(to: URL(fileURLWithPath: folder.path + "/bytes"))
        #expect(HistoryFile(path: folder.path + "/bytes")?.load() == ["\u{FFFD}", "b"])
    }
}
