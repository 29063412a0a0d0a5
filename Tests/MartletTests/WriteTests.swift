import Martlet
import MartletTestSupport
import Testing

/// `write` is atomic: a file appears whole or not at all, and nothing is left behind.
@Suite
struct WriteTests {
    init() { ProjectFiles.enter() }

    private func failure(_ script: String) throws -> MartletError.Problem { try BadDataTests.failure(script) }

    @Test func aQueryThatFailsInTheMiddleLeavesNoFile() throws {
        let folder = try TemporaryFolder()
        let rows = (1...20_000).map { "\($0)" }.joined(separator: "\n")
        let data = try folder.write("rows.csv", "n\n" + rows + "\n")
        let problem = try failure(
            "set morsel_rows = 100; load '\(data)' |> extend 1 // (n - 15000) as m |> write '\(folder("out.csv"))'")
        #expect(problem.rendered.contains("\(data):15001"), "\(problem.rendered)")
        #expect(problem.help != nil)
        #expect(folder.names == ["rows.csv"])
    }

    @Test func aFileThatWasThereStaysAsItWas() throws {
        let folder = try TemporaryFolder()
        let out = try folder.write("out.csv", "old\n")
        _ = try failure("from values (1), (0) as t(n) |> extend 1 // n as m |> write '\(out)'")
        #expect(folder.text("out.csv") == "old\n")
        try Session().run("from values (1) as t(n) |> write '\(out)'")
        #expect(folder.text("out.csv") == "n\n1\n")
        #expect(folder.names == ["out.csv"])
    }

    @Test func allFilesOfARouteAppearOrNone() throws {
        let folder = try TemporaryFolder()
        let arms = """
            |> route when n % 2 = 0 then write '\(folder("even.csv"))' else extend 12 // (n - 9) as m end
            |> write '\(folder("odd.csv"))'
            """
        let rows = (1...9).map { "(\($0))" }.joined(separator: ", ")
        _ = try failure("set morsel_rows = 1; from values \(rows) as t(n) \(arms)")
        #expect(folder.names == [])
        try Session().run("from values (1), (2) as t(n) \(arms)")
        #expect(folder.names == ["even.csv", "odd.csv"])
    }

    @Test func anErrorInInferLeavesNoFile() throws {
        let folder = try TemporaryFolder()
        let problem = try failure(
            """
            model tone = load 'examples/models/tone' with (truncate = false, max_tokens = 8);
            load 'examples/data/sample.csv' |> infer tone(text) as (label) |> write '\(folder("out.csv"))'
            """)
        #expect(problem.code == "E0501")
        #expect(problem.help?.contains("on error") == true)
        #expect(folder.names == [])
    }

    @Test func aStreamThatIsGivenUpLeavesNoFile() throws {
        let folder = try TemporaryFolder()
        let prepared = try Session().prepare(
            "load 'examples/data/sample.csv' |> route when source = 'film' then write '\(folder("film.csv"))' else pass end"
        )
        let stream = try prepared.stream()
        _ = try stream.next()
        stream.cancel()
        #expect(try stream.next() == nil)
        #expect(folder.names == [])
    }

    /// Formatted in parts by several threads, which must come in order, the header first.
    @Test(arguments: ["out.csv", "out.tsv", "out.jsonl", "out.json"], [1, 7, 2_048])
    func allRowsArriveInOrder(_ name: String, _ morselRows: Int) throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("rows.csv", "n,s\n" + (1...5_000).map { "\($0),text \($0)\n" }.joined())
        let session = Session(threads: 2)
        try session.run("set morsel_rows = \(morselRows); load '\(data)' |> write '\(folder(name))'")
        let results = try session.run("load '\(folder(name))'")
        #expect(results.values("n") == (1...5_000).map { .int($0) })
        #expect(results.values("s")?.last == "text 5000")
        if name == "out.csv" { #expect(folder.text("out.csv") == folder.text("rows.csv")) }
    }

    @Test func theFormatMayBeNamed() throws {
        let folder = try TemporaryFolder()
        try Session().run(
            "set morsel_rows = 1; from values (1), (2), (3) as t(n) |> write '\(folder("out.txt"))' with (format = 'jsonl')"
        )
        #expect(folder.text("out.txt") == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n")
    }

    @Test func placesWhereNoFileCanBe() throws {
        let folder = try TemporaryFolder()
        let rows = "from values (1) as t(n) |> write"
        let missing = try failure("\(rows) '\(folder("no/such/out.csv"))'")
        #expect(missing.message.contains(folder("no/such/out.csv")))
        #expect(missing.help?.contains("mkdir -p \(folder("no/such"))") == true)
        try folder.makeFolder("sub")
        let directory = try failure("\(rows) '\(folder("sub"))'")
        #expect(directory.message.contains(folder("sub")) && directory.help != nil, "\(directory.rendered)")
        let file = try folder.write("file", "x")
        let below = try failure("\(rows) '\(file)/out.csv'")
        #expect(below.help != nil, "\(below.rendered)")
        #expect(folder.text("file") == "x")
        #expect(folder.names == ["file", "sub"])
    }

    @Test func aFullDeviceEndsCleanly() throws {
        let rows = (1...20_000).map { "(\($0))" }.joined(separator: ", ")
        let problem = try failure("from values \(rows) as t(n) |> write '/dev/full'")
        #expect(problem.code == "E0671" && problem.help != nil, "\(problem.rendered)")
    }

    @Test func oneFileIsWrittenOnceInAQuery() throws {
        let folder = try TemporaryFolder()
        let out = folder("out.csv")
        let problem = try failure(
            "from values (1), (2) as t(n) |> route when n = 1 then write '\(out)' else pass end |> write '\(out)'")
        #expect(problem.rendered.contains(out), "\(problem.rendered)")
        #expect(folder.names == [])
    }
}
