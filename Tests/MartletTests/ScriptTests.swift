import MartletTestSupport
import Testing

/// `Tests/Scripts`: the same files under every permutation, with the same expected text.
@Suite(.serialized)
struct ScriptTests {
    static let files = ProjectFiles.find("Tests/Scripts", suffix: ".test")

    init() { ProjectFiles.enter() }

    @Test func thereAreScripts() { #expect(Self.files.count >= 45) }

    @Test(arguments: files)
    func isShort(_ path: String) throws {
        let lines = try #require(ProjectFiles.read(path)).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 61, "\(path) has more than 60 lines")
    }

    @Test(arguments: files)
    func standard(_ path: String) throws {
        let file = try ScriptFile(path: path, text: try #require(ProjectFiles.read(path)))
        #expect(!file.records.isEmpty)
        ProjectFiles.makeOutputFolder()
        let run = ScriptRun()
        let actual = file.records.map(run.actual)
        if ProjectFiles.environment("MARTLET_UPDATE") != nil {
            ProjectFiles.write(file.text(expecting: actual), to: path)
            return
        }
        for (record, actual) in zip(file.records, actual) {
            #expect(actual == record.expected, "\(path):\(record.line)")
            if case .counter = record.kind {
                let values = Set(actual.split(separator: "\n").map { $0.split(separator: " ").last })
                #expect(values.count == 2, "\(path):\(record.line): the rule changes nothing")
            }
        }
    }

    @Test(arguments: Permutation.all + Permutation.graphRules)
    func permuted(_ permutation: Permutation) throws {
        let run = ScriptRun(permutation)
        for path in Self.files {
            ProjectFiles.makeOutputFolder()
            let file = try ScriptFile(path: path, text: try #require(ProjectFiles.read(path)))
            for record in file.records where run.covers(record) {
                #expect(run.actual(record) == record.expected, "\(path):\(record.line) under \(permutation)")
            }
        }
    }
}
