import Martlet
import MartletShell
import Testing

/// Tables as people see them.
struct BoxTableTests {
    private func table(_ script: String, width: Int = 80, colored: Bool = false) throws -> String {
        let results = try Session(threads: 1).run(script)
        var sample = BoxSample()
        sample.add(results)
        return sample.table(columns: results.columns, width: width, isColored: colored).text
    }

    @Test func numbersStandToTheRight() throws {
        let text = try table(
            "from values (1, 'one', 0.5, true), (200, 'two', null, false) as t(n, word, \"a float\", yes)")
        #expect(
            text == """
                ┌─────┬────────┬─────────┬───────┐
                │   n │ word   │ a float │ yes   │
                │ int │ string │   float │ bool  │
                ├─────┼────────┼─────────┼───────┤
                │   1 │ one    │     0.5 │ true  │
                │ 200 │ two    │    NULL │ false │
                └─────┴────────┴─────────┴───────┘
                2 rows

                """)
    }

    @Test func wideLettersKeepTheBordersStraight() throws {
        let text = try table("from values ('日本', 'e\u{301}'), ('👩‍👩‍👧', 'ab') as t(a, b)")
        let widths = Set(text.split(separator: "\n").dropLast().map { DisplayWidth.of($0) })
        #expect(widths == [19])
    }

    @Test func longCellsAreCut() throws {
        let text = try table(
            "from values ('short', 'a text that is far too long for the terminal') as t(a, b)", width: 40)
        #expect(text.contains("│ short  │ a text that is far too lon… │"))
        #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 40 })
    }

    @Test func manyColumnsLoseTheMiddle() throws {
        let columns = (1...30).map { "c\($0)" }.joined(separator: ", ")
        let values = (1...30).map { "'value \($0)'" }.joined(separator: ", ")
        let text = try table("from values (\(values)) as t(\(columns))", width: 60)
        #expect(text.contains("│ c1      │ c2      │ c3      │ … │ c29      │ c30      │"))
        #expect(text.hasSuffix("1 row  30 columns (5 shown)\n"))
        #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 60 })
    }

    @Test(arguments: [0, 1, 39, 40, 41, 5_000])
    func manyRowsLoseTheMiddle(_ count: Int) throws {
        let rows = (0..<max(count, 1)).map { "(\($0))" }.joined(separator: ", ")
        let text = try table("from values \(rows) as t(n) |> where n < \(count)")
        let lines = text.split(separator: "\n")
        let shown = min(count, 40)
        #expect(lines.count == shown + 6 + (count > 40 ? 1 : 0))
        if count > 40 {
            #expect(lines.last == "\(grouped(count)) rows (40 shown)")
            #expect(lines[lines.count - 3].contains(" \(count - 1) "))
            #expect(lines[lines.count - 22].contains(" \(count - 20) "))
            #expect(lines[lines.count - 24].contains(" 19 "))
        } else {
            #expect(lines.last == (count == 1 ? "1 row" : "\(count) rows"))
        }
    }

    @Test func samplesAlikeHoweverRowsCome() throws {
        let rows = (0..<100).map { "(\($0))" }.joined(separator: ", ")
        let session = Session(threads: 1)
        try session.run("set morsel_rows = 7")
        let stream = try session.prepare("from values \(rows) as t(n)").stream()
        var sample = BoxSample()
        while let results = try stream.next() { sample.add(results) }
        let pieces = sample.table(columns: stream.columns, width: 80, isColored: false).text
        #expect(pieces == (try table("from values \(rows) as t(n)")))
    }

    @Test func colorsDimTypesAndNulls() throws {
        let text = try table("from values (null::int, 'NULL') as t(a, b)", colored: true)
        #expect(text.contains("│ \u{1B}[2mNULL\u{1B}[0m │ NULL   │"))
        #expect(text.contains("\u{1B}[2mstring\u{1B}[0m"))
    }

    @Test func controlsDoNoHarm() throws {
        let text = try table("from values ('a\nb\tc\u{1B}[31mred\u{7}\u{202E}') as t(a)")
        #expect(text.contains("a\\nb\\tc\u{FFFD}[31mred\u{FFFD}\u{FFFD}"))
        #expect(!text.contains("\u{1B}"))
    }
}

/// Cells on one line.
struct CellTextTests {
    @Test(arguments: [
        (Value.null, "NULL"), (.int(-3), "-3"), (.float(0.1), "0.1"), (.string("it's"), "it's"),
        (.list([1, 2]), "[1, 2]"), (.list([1, 2, 3, 4, 5, 6]), "[1, 2, 3, 4, … 6]"),
        (.list(["a", nil]), "['a', NULL]"),
        (.structure([.init("a", 1), .init("b", "x'y")]), "{a: 1, b: 'x''y'}"),
        (.tensor([0.5, 1], shape: [2]), "[0.5, 1.0]"),
        (.tensor([Float](repeating: 0.25, count: 384), shape: [384]), "[0.25, 0.25, 0.25, 0.25, … 384]"),
        (.tensor([Float](repeating: 1, count: 6), shape: [2, 3]), "[1.0, 1.0, 1.0, 1.0, … 2×3]"),
        (.bytes([UInt8](repeating: 255, count: 2_000)), "\\x" + String(repeating: "f", count: 32) + "… (2,000 bytes)"),
    ])
    func shortens(_ value: Value, _ text: String) {
        #expect(CellText(value).text == text)
        #expect(CellText(value).isNull == value.isNull)
    }
}
