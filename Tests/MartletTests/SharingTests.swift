import Martlet
import MartletTestSupport
import Testing

/// Looking for equal rows, and when it is given up.
@Suite
struct SharingTests {
    init() { ProjectFiles.enter() }

    /// - Parameter different: rows that ask something of their own; the others repeat them.
    private func run(_ rows: Int, different: Int, extra: String = "") throws -> Results {
        let prepared = try Session(threads: 1).prepare(
            """
            \(extra)
            set morsel_rows = 512;
            param input table (n int, text string);
            model m = load 'Tests/Scripts/data/models/columns.onnx';
            from $input |> infer m(1, n, 1, 1, 1, 1, 1, true, text) as (total as t) |> select n, t[0] as t
            """)
        try prepared.bind(
            "input", rows: (0..<rows).map { ["n": .int(Int64($0 % different)), "text": .string("\($0 % different)")] })
        return try prepared.run()
    }

    private func texts(_ results: Results) -> [String] { results.rows.map { "\($0["n"]) \($0["t"])" } }

    @Test func comparingStopsWhereNoRowIsEqualToAnother() throws {
        let on = try run(12_000, different: 12_000)
        let off = try run(12_000, different: 12_000, extra: "set disable = 'stop_sharing';")
        #expect(texts(on) == texts(off))
        #expect(off.profile.compared == 12_000 && off.profile.inferRowsRun == 12_000)
        #expect((4_096..<12_000).contains(on.profile.compared) && on.profile.inferRowsRun == 12_000)
    }

    /// Even of a cheap model half the rows are worth more than the looking; so are all rows of a short query.
    @Test func comparingGoesOnBeforeAJudgement() throws {
        #expect(try run(4_000, different: 4_000).profile.compared == 4_000)
    }

    @Test func answersOutliveAQueryWithMemoAlone() throws {
        let session = Session(threads: 1)
        let query = """
            model tone = load 'examples/models/tone';
            load 'examples/data/sample.csv' |> infer tone(text) as (label) |> select id, label
            """
        let without = try session.run(query)
        #expect(try session.run(query).profile.inferRowsRun == without.profile.inferRowsRun)
        let prepared = try session.prepare("set memo = '16MB'; " + query)
        let first = try prepared.run()
        let second = try prepared.run()
        #expect(first.profile.inferRowsRun == without.profile.inferRowsRun && second.profile.inferRowsRun == 0)
        #expect(second.rows.map { "\($0["label"])" } == without.rows.map { "\($0["label"])" })
    }
}
