import MartletData
import MartletSupport
import Testing

/// Reading JSON Lines in windows, on threads, gives what reading line by line gives.
struct JSONWindowTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func lines(_ count: Int, _ random: inout Random) -> [String] {
        (0..<count).map { row in
            let text =
                ["\"plain\"", "\"a \\\"q\\\" \\n\"", "null", "\"日本\"", "\"\""].randomElement(using: &random) ?? ""
            let number = Double.random(in: -1e6...1e6, using: &random)
            return #"{"id": \#(row), "x": \#(row % 7 == 0 ? "null" : "\(number)"), "t": \#(text), "l": [\#(row), 2]}"#
                + "\n"
        }
    }

    @Test(arguments: 0..<4)
    func agreesWithReadingLineByLine(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var lines = lines(8_000, &random)
        if seed % 2 == 0 { for index in [3, 2_000, 5_000] { lines.insert(" \r\n", at: index) } }
        if seed == 1 { lines = lines.map { $0.dropLast() + "\r\n" } }
        if seed == 2 { lines.append(#"{"id": 9}"#) }
        let path = try folder.write("t.jsonl", (seed == 3 ? "\u{feff}" : "") + lines.joined())
        try expectWindowsAgree(path, note: "seed \(seed)")
        try expectWindowsAgree(path, columns: [2, 0], note: "seed \(seed), two columns")
    }

    @Test(arguments: [
        "{\"id\": 1", "[1]", "{\"id\": \"x\"}", "{\"id\": 1, \"id\": 2}", "{\"more\": 1}", "{\"t\": \"\u{1}\"}",
        "\u{feff}{\"id\": 1}", "{\"id\": 1} 2",
    ])
    func namesTheSameErrorAtTheSamePlace(_ bad: String) throws {
        var random = Random(state: 3)
        for index in [600, 12_000] {
            var lines = lines(15_000, &random)
            lines.insert(bad + "\n", at: index)
            let path = try folder.write("bad.jsonl", lines.joined())
            try expectWindowsAgree(path, [("sample_size", .int(500))], note: "\(bad) at \(index)")
        }
    }

    @Test func aLineBeyondTheLimitIsNamed() throws {
        var random = Random(state: 5)
        var lines = lines(9_000, &random)
        lines.insert("{\"id\": 1, \"t\": \"\(String(repeating: "long ", count: 40_000))\"}\n", at: 8_000)
        let path = try folder.write("long.jsonl", lines.joined())
        try expectWindowsAgree(path, [("sample_size", .int(500))], note: "long line")
        let limit: [(name: String, value: Value)] = [("sample_size", .int(500)), ("max_line_size", .int(100_000))]
        if (try? DataFormats.open(path, options: limit)) != nil {
            try expectWindowsAgree(path, limit, note: "too long a line")
        }
    }
}
