import Martlet
import MartletTestSupport
import Testing

/// Every script in `examples` runs; those that need downloaded data only where it is.
@Suite(.serialized)
struct ExampleTests {
    init() { ProjectFiles.enter() }

    @Test(arguments: ProjectFiles.find("examples", suffix: ".mlet"))
    func runs(_ path: String) throws {
        var script = try #require(ProjectFiles.read(path))
        if script.contains(".cache/data/") {
            guard let data = ProjectFiles.data else { return }
            script = script.split(separator: ".cache/data/", omittingEmptySubsequences: false).joined(
                separator: data + "/")
            // The first rows are enough to see that it works.
            script = script.split(separator: "reviews.csv'", omittingEmptySubsequences: false)
                .joined(separator: "reviews.csv' |> limit 200")
        }
        ProjectFiles.makeOutputFolder()
        let results = try Session().run(script, name: path)
        #expect(results.rowCount > 0)
        #expect(Session().check(script, name: path).isEmpty)
    }

    @Test func triageRoutesEveryRowOnce() throws {
        ProjectFiles.makeOutputFolder()
        let session = Session()
        try session.run(try #require(ProjectFiles.read("examples/triage.mlet")))
        func rows(_ file: String) throws -> Int {
            try session.run("load 'out/\(file)' |> aggregate count() as n").rows[0]["n"].int ?? -1
        }
        let counts = try ["labelled.csv", "to-review.jsonl", "no-text.csv"].map(rows)
        #expect(counts.reduce(0, +) == 400)
        #expect(counts[2] == 8)
        #expect(counts.allSatisfy { $0 > 0 })
    }
}
