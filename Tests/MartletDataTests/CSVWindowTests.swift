import Foundation
import MartletData
import MartletSupport
import Testing

/// Reading in windows, by kernels and on threads, gives what reading record by record gives.
struct CSVWindowTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    /// Rows of six columns: int, float, text, timestamp, bool, text.
    private func table(_ random: inout Random, rows: Int, end: String, quotes: Bool, innerLines: Bool) -> [String] {
        func one(_ choices: [String]) -> String { choices[Int.random(in: choices.indices, using: &random)] }
        var lines = ["id,x,text,day,flag,note" + end]
        for row in 0..<rows {
            let number = Double.random(in: -1e6...1e6, using: &random)
            var texts = ["plain", "", "é", "two words", "a longer text of more than sixteen bytes"]
            if quotes { texts += ["\"\"", "\"a,b\"", "\"say \"\"x\"\"\"", "\"\"\"\""] }
            if innerLines { texts += ["\"two\nlines\"", "\"two\r\nlines\"", "\"\n\""] }
            let day = one(["2024-02-29", "1969-12-31T23:59:59Z", "", "2000-01-01"])
            let x = one(["\(number)", "\(Int(number))", "", String(format: "%.2f", number), "1e\(row % 300)"])
            lines.append(
                "\(one(["\(row)", "-\(row)", "", quotes ? "\"\(row)\"" : "7"])),\(x),\(one(texts)),\(day),"
                    + one(["true", "FALSE", ""]) + ",\(one(texts))" + end)
        }
        return lines
    }

    @Test(arguments: 0..<8)
    func agreesWithReadingRecordByRecord(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let end = ["\n", "\r\n", "\r", "\n"][Int(seed % 4)]
        var lines = table(
            &random, rows: 6_000, end: end, quotes: seed % 3 != 0, innerLines: seed % 3 == 2 && end != "\r")
        if seed > 4 { for index in [100, 2_000, 4_000] { lines.insert(end, at: index) } }
        if seed % 2 == 0 { lines.append("9,1.5,last,,,") }
        let path = try folder.write("t.csv", lines.joined())
        try expectWindowsAgree(path, note: "seed \(seed)")
        try expectWindowsAgree(path, columns: [5, 1], note: "seed \(seed), two columns")
        try expectWindowsAgree(
            path, [("nullstr", .list([.string("plain"), .string("7")]))], note: "seed \(seed), null words")
        try expectWindowsAgree(path, [("max_line_size", .int(60_000))], note: "seed \(seed), long lines refused")
    }

    @Test(arguments: [
        "1,2.5,a\"b,2024-01-01,true,x", "1,2.5,\"a\"b,2024-01-01,true,x", "x,2.5,a,2024-01-01,true,x",
        "1,2.5,a,2024-01-01,true", "1,2.5,a,2024-01-01,true,x,y", "1,2.5,a,2024-13-01,true,x", "1,x,a,,,",
        "1,2.5,a,2024-01-01,maybe,x", "1,2.5,\u{0},2024-01-01,true,x", "1,2.5,\"open,2024-01-01,true,x",
        "007,2.5,a,,,", "1,2.5,\"\(String(repeating: "long ", count: 20_000))\",,,",
    ])
    func namesTheSameErrorAtTheSamePlace(_ bad: String) throws {
        var random = Random(state: 3)
        for index in [1, 900, 25_000] {
            var lines = table(&random, rows: 26_000, end: "\n", quotes: true, innerLines: false)
            lines.insert(bad + "\n", at: index)
            let path = try folder.write("bad.csv", lines.joined())
            let options: [(name: String, value: Value)] = [
                ("sample_size", .int(500)), ("max_line_size", .int(70_000)), ("header", .bool(true)),
                (
                    "types",
                    .structure(
                        [("id", "int"), ("x", "float"), ("day", "timestamp"), ("flag", "bool")].map {
                            .init($0.0, .string($0.1))
                        })
                ),
            ]
            // `007` is an int if it is declared, and a quoted text of 100 kB is too long a line.
            try expectWindowsAgree(path, options, note: "\(bad.prefix(40)) at \(index)")
        }
    }

    @Test func invalidUTF8IsFoundInAnyWindow() throws {
        var random = Random(state: 4)
        var bytes = Array(table(&random, rows: 20_000, end: "\n", quotes: true, innerLines: false).joined().utf8)
        let place = bytes.count - 60_000
        let line = try #require(bytes[place...].firstIndex(of: 10))
        bytes.insert(contentsOf: Array("1,2.5,".utf8) + [0xc3, 0x28] + Array(",,,\n".utf8), at: line + 1)
        try expectWindowsAgree(try folder.write("utf8.csv", bytes), note: "")
    }

    @Test func oneColumnAndRaggedRows() throws {
        var random = Random(state: 5)
        var lines = ["text\n"]
        for _ in 0..<30_000 {
            lines.append(["a\n", "\n", "\"b\nc\"\n", "\"\"\n", "ü\n"].randomElement(using: &random) ?? "")
        }
        try expectWindowsAgree(folder.write("one.csv", lines.joined()), note: "one column")
        var ragged = ["a,b,c\n"]
        for row in 0..<30_000 {
            ragged.append(["\(row)\n", "1,2\n", "1,2,3\n", "\n"].randomElement(using: &random) ?? "")
        }
        try expectWindowsAgree(
            folder.write("ragged.csv", ragged.joined()), [("null_padding", .bool(true))], note: "ragged")
    }

    @Test func aLimitIsKeptAndSparesErrorsBehindIt() throws {
        var text = "a,b\n"
        for row in 0..<50_000 { text += "\(row),x\n" }
        let path = try folder.write("limit.csv", text + "oops,x\n")
        for limit in [1, 2_048, 2_049, 49_999, 50_000] {
            let options: [(name: String, value: Value)] = [("sample_size", .int(10))]
            let request = ScanRequest(rowLimit: limit, pool: ThreadPool(threadCount: 2))
            let (rows, _, _) = try readAll(path, options, request)
            #expect(rows.count == limit && rows.last == [.int(Int64(limit - 1)), .string("x")])
        }
    }
}
