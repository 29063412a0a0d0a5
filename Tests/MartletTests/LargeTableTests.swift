import Martlet
import Testing

/// Aggregates and orders over more rows than a window or a part holds.
struct LargeTableTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private let threads = [1, 2, 5]

    private func run(_ text: String, threads: Int, morselRows: Int = 2_048) throws -> [[String]] {
        let session = Session()
        _ = try session.run("set threads = \(threads); set morsel_rows = \(morselRows)")
        return try session.run(text).rows.map { row in row.values.map { "\($0)" } }
    }

    /// A few bytes of each row tell it from its neighbours; keys repeat in no order.
    private func key(_ row: Int, _ count: Int) -> Int {
        Int(truncatingIfNeeded: UInt64(row) &* 0x9e37_79b9_7f4a_7c15 >> 33) % count
    }

    @Test func groupsDoNotDependOnThreads() throws {
        var text = "k,j,n,x\n"
        var order: [String] = []
        var groups: [String: (count: Int, sum: Int, least: Int, last: Int)] = [:]
        for row in 0..<60_000 {
            let k = key(row, 21_000) == 5 ? "" : "k\(key(row, 21_000))"
            text += "\(k),\(row % 3),\(row),\(Double(key(row, 97)) / 8)\n"
            if groups[k] == nil { order.append(k) }
            let old = groups[k] ?? (0, 0, row, 0)
            groups[k] = (old.count + 1, old.sum + row, min(old.least, row), row)
        }
        let path = try folder.write("groups.csv", text)
        let query =
            "load '\(path)' |> aggregate count() as c, sum(n) as s, min(n) as lo, list(n) as all_of group by k |> select c, s, lo, all_of[c - 1] as last"
        let expected = order.compactMap { groups[$0] }.map {
            ["\($0.count)", "\($0.sum)", "\($0.least)", "\($0.last)"]
        }
        for count in threads { #expect(try run(query, threads: count) == expected, "\(count) threads") }
        #expect(try run(query, threads: 2, morselRows: 100) == expected)
        let two = "load '\(path)' |> aggregate count() as c, avg(x) as m, max(x) as hi group by k, j"
        let single = try run(two, threads: 1)
        #expect(
            single.count == Set((0..<60_000).map { "\(key($0, 21_000) == 5 ? -1 : key($0, 21_000)) \($0 % 3)" }).count)
        for count in threads { #expect(try run(two, threads: count) == single, "\(count) threads") }
    }

    @Test func nullsNaNAndZerosGroupAsEqual() throws {
        let rows = ["nan", "", "0.0", "-0.0", "1.5", "nan", "", "-0.0"]
        let path = try folder.write("keys.csv", "x,y\n" + rows.map { "\($0),1\n" }.joined() + "2.5,1\n")
        let query = "load '\(path)' |> aggregate count() as c group by x"
        #expect(try run(query, threads: 2).map { $0[1] } == ["2", "2", "3", "1", "1"])
        let lists = "load '\(path)' |> aggregate count() as c group by [x] as list"
        #expect(try run(lists, threads: 2).map { $0[1] } == ["2", "2", "3", "1", "1"])
    }

    @Test func theFirstRowsAreThoseOfTheWholeOrder() throws {
        var text = "n,x,s\n"
        for row in 0..<150_000 {
            let x = row % 31 == 0 ? "" : row % 37 == 0 ? "nan" : "\(key(row, 4_000) - 2_000).5"
            text += "\(row),\(x),\(row % 29 == 0 ? "" : "name \(key(row, 900))")\n"
        }
        let path = try folder.write("order.csv", text)
        for order in ["x", "x desc", "x desc nulls first, n desc", "s, n", "s desc, x", "s nulls first"] {
            let all = try run("load '\(path)' |> order by \(order) |> select n", threads: 2)
            #expect(all.count == 150_000)
            for (limit, offset) in [(10, 0), (1, 4_999), (40_000, 7)] {
                let some = try run(
                    "load '\(path)' |> order by \(order) |> limit \(limit) offset \(offset) |> select n", threads: 2)
                #expect(some == Array(all[offset..<offset + limit]), "\(order), \(limit) from \(offset)")
            }
        }
        // In the whole order each row is in its place.
        let ordered = try run("load '\(path)' |> order by x desc, n |> select x, n", threads: 2)
        let keys = ordered.map { row -> (Double, Int) in
            (
                row[0] == "null" ? -.infinity : row[0].lowercased() == "nan" ? .infinity : Double(row[0]) ?? 0,
                Int(row[1]) ?? 0
            )
        }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.0 > $1.0 || ($0.0 == $1.0 && $0.1 < $1.1) })
    }

    @Test func aFileThatChangesIsReadAnew() throws {
        let path = try folder.write("change.csv", "a\n1\n")
        let session = Session()
        #expect(try session.run("load '\(path)'").rows.count == 1)
        try folder.write("change.csv", "b,c\nx,2\ny,3\n")
        let rows = try session.run("load '\(path)' |> select b, c").rows
        #expect(rows.count == 2)
    }
}
