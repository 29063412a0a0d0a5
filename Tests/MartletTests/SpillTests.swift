import Martlet
import Testing

/// Rows beyond `memory_limit` go to files, and nothing else changes.
@Suite struct SpillTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("temp")
        var text = "n,s,f,b\n"
        for row in 0..<4_000 {
            let key = Int(truncatingIfNeeded: UInt64(row) &* 0x9e37_79b9_7f4a_7c15 >> 40)
            let s = key % 11 == 0 ? "" : "text \(key % 701)"
            let f = key % 13 == 0 ? "nan" : key % 17 == 0 ? "" : "\(Double(key % 977) / 4 - 100)"
            text += "\(row),\(s),\(f),\(key % 2 == 0)\n"
        }
        try folder.write("rows.csv", text)
    }

    private var source: String {
        "load '\(folder("rows.csv"))' |> extend [n // 2, 1] as l, {a: n % 90, b: s} as o, [n % 3000, 2]::float[2] as v, null as z"
    }

    private static let queries = [
        "ROWS |> order by s desc, f",
        "ROWS |> order by f desc nulls first, b",
        "ROWS |> order by b |> select n, l, o, v, z",
        "ROWS |> order by s |> limit 2500 offset 700",
        "ROWS |> order by f, s |> limit 30",
        "ROWS |> distinct",
        "ROWS |> distinct on (s, b)",
        "ROWS |> distinct on (l) |> select n, l, o, v, z",
        "ROWS |> distinct on (o)",
        "ROWS |> distinct on (v, z)",
        "ROWS |> aggregate count() as c, sum(n) as t, avg(f) as m, min(s) as lo, max(o.b) as hi group by s, n // 9 as k",
        "ROWS |> aggregate count() as c, first(l) as x, arg_max(s, n) as y group by n // 2 as half, b",
        "ROWS |> aggregate count() as c, max(n) as y group by v, o",
        "ROWS |> aggregate list(n) as ns, median(f) as m, string_agg(s, '+') as j, mode(b) as b group by n % 900 as k",
        "ROWS |> aggregate quantile(n, 0.25) as q, count() as c",
        "ROWS |> aggregate list(f) as fs group by z",
        "ROWS |> extend n % 1200 as k |> join (ROWS |> select n as m, s as r, l, v) as other on k = other.m |> select n, k, m, r, other.l, other.v",
        "ROWS |> left join (ROWS |> where n % 3 = 0) as other on n = other.n and f > other.f - 1 |> select n, f, other.n as m, other.o as q, other.v as w",
        "ROWS |> limit 200 |> join (ROWS) as other on b = other.b and n % 40 = other.n % 40 |> select n, other.n as m, other.s as r",
        "ROWS |> limit 12 |> extend 1 as one |> left join (ROWS |> extend 1 as one) as other on one = other.one and s < other.s |> select n, s, other.s as r, other.n as m",
        "ROWS |> left join (ROWS |> where s is not null) as other on s = other.s and o = other.o |> select n, s, other.n as m",
        "ROWS |> distinct on (n % 1000) |> order by s |> extend n % 70 as k |> aggregate count() as c, list(n) as ns group by k |> order by k desc",
    ]

    private func run(_ query: String, limit: Int?, threads: Int = 2) throws -> (rows: [[String]], spilled: Int) {
        let session = Session()
        try session.run("set threads = \(threads); set temp_directory = '\(folder("temp"))'")
        if let limit { try session.run("set memory_limit = \(limit)") }
        let results = try session.run(query.replacing("ROWS", with: source))
        let spilled = results.profile.operators.reduce(0) { $0 + ($1.spill?.bytes ?? 0) }
        return (results.rows.map { row in row.values.map { "\($0)" } }, spilled)
    }

    @Test(arguments: queries)
    func resultsAreThoseOfMemory(_ query: String) throws {
        let whole = try run(query, limit: nil)
        #expect(whole.spilled == 0)
        let spillsNever = query.contains("aggregate quantile")
        for (limit, threads) in [(4_096, 1), (60_000, 2)] {
            let parted = try run(query, limit: limit, threads: threads)
            #expect(parted.rows == whole.rows, "\(limit) bytes")
            if limit == 4_096, !spillsNever { #expect(parted.spilled > 0) }
        }
        #expect(folder.names == ["rows.csv", "temp"])
        #expect(try TemporaryFolder.names(in: folder("temp")).isEmpty)
    }

    @Test func nothingStaysAfterAnError() throws {
        #expect(throws: MartletError.self) {
            _ = try run("ROWS |> order by s |> assert n < 3999", limit: 8_192)
        }
        #expect(try TemporaryFolder.names(in: folder("temp")).isEmpty)
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let session = Session()
        try session.run("set memory_limit = 8192; set temp_directory = '\(folder("nowhere"))'")
        let error = #expect(throws: MartletError.self) {
            _ = try session.run("\(source) |> order by s |> aggregate count() as n")
        }
        #expect(error?.description.contains("E0541") ?? false)
        #expect(error?.description.contains("temp_directory") ?? false)
    }

    @Test func whatWasSpilledIsCounted() throws {
        let session = Session()
        try session.run("set memory_limit = 8192")
        let sorted = try session.run("\(source) |> order by s").profile.operators.compactMap(\.spill)
        #expect(sorted.count == 1)
        #expect(sorted[0].runs > 0 && sorted[0].partitions == 0 && sorted[0].bytes > 100_000)
        let grouped = try session.run("\(source) |> aggregate count() as c group by n").profile.operators
            .compactMap(\.spill)
        #expect(grouped[0].partitions > 0)
    }

    /// Rows carry their places through a file: an error still says where a row came from.
    @Test func placesOutliveTheFile() throws {
        func message(_ limit: String) -> String? {
            let session = Session()
            let error = #expect(throws: MartletError.self) {
                _ = try session.run("\(limit); \(source) |> order by n desc |> extend 1 // (n - 5) as x")
            }
            return error?.description
        }
        let expected = message("set threads = 2")
        #expect(expected?.contains("rows.csv:7") ?? false)
        #expect(message("set memory_limit = 8192") == expected)
    }
}
