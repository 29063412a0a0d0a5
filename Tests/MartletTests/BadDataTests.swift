import Martlet
import MartletTestSupport
import Testing

/// Hostile and broken data files: one error that names the file and the place in it, and what to do.
@Suite
struct BadDataTests {
    init() { ProjectFiles.enter() }

    /// What running `script` finds, which must be one error.
    static func failure(_ script: String) throws -> MartletError.Problem {
        var found: MartletError?
        do {
            try Session(threads: 2).run(script)
        } catch {
            found = error
        }
        let error = try #require(found, "no error")
        #expect(error.problems.count == 1, "\(error)")
        #expect(error.problems[0].code != "E0500", "\(error)")
        return error.problems[0]
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var name: String
        var bytes: [UInt8]
        /// What the rendered message must have in it; `FILE` stands for the file's path.
        var says: [String]
        var hasHelp: Bool
        var options = ""

        init(
            _ title: String, _ name: String, _ bytes: [UInt8], says: [String], hasHelp: Bool = true,
            options: String = ""
        ) {
            testDescription = title
            self.name = name
            self.bytes = bytes
            self.says = says
            self.hasHelp = hasHelp
            self.options = options
        }

        init(
            _ title: String, _ name: String, _ text: String, says: [String], hasHelp: Bool = true, options: String = ""
        ) {
            self.init(title, name, Array(text.utf8), says: says, hasHelp: hasHelp, options: options)
        }
    }

    static let rows = "id,text\n1,a\n2,b\n"

    static let cases: [Case] = [
        Case("an empty CSV file", "a.csv", "", says: ["FILE", "empty"]),
        Case("a row with a field too many", "a.csv", rows + "3,c,d\n", says: ["FILE:4", "3 field"]),
        Case("a row with a field too few", "a.csv", rows + "3\n", says: ["FILE:4", "1 field"]),
        Case("a quote that is never closed", "a.csv", rows + "3,\"open\n4,x\n", says: ["FILE:4", "quote"]),
        Case("text behind a closing quote", "a.csv", rows + "3,\"a\"b\n", says: ["FILE:4", "quote"]),
        Case(
            "a text where numbers are declared", "a.csv", rows + "x,c\n", says: ["FILE:4", "`x`", "int"],
            options: " with (types = {id: 'int'})"),
        Case("a NUL byte", "a.csv", Array(rows.utf8) + [51, 44, 0, 10], says: ["FILE:4", "NUL"]),
        Case(
            "bytes that are not UTF-8", "a.csv", Array(rows.utf8) + [51, 44, 0xC3, 0x28, 10], says: ["FILE:4", "UTF-8"]),
        Case("UTF-16", "a.csv", [0xFF, 0xFE, 105, 0, 100, 0, 10, 0], says: ["FILE", "UTF-16"]),
        Case("a picture", "a.csv", [0x89, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13], says: ["FILE"]),
        Case("the same name twice in the header", "a.csv", "id,id\n1,2\n", says: ["FILE", "`id`"]),
        Case("a broken JSON line", "a.jsonl", "{\"a\": 1}\n{\"a\": 2}\n{\"a\": }\n", says: ["FILE:3", "line 3"]),
        Case("a JSON line cut off", "a.jsonl", "{\"a\": 1}\n{\"a\": 2, \"b", says: ["FILE:2", "line 2"]),
        Case("a JSON value of another type", "a.jsonl", "{\"a\": 1}\n{\"a\": [2]}\n", says: ["FILE", "`a`", "int"]),
        Case("a JSON line that is no object", "a.jsonl", "{\"a\": 1}\n[1, 2]\n", says: ["FILE:2"]),
        Case(
            "JSON nested too deep", "a.jsonl", "{\"a\": " + String(repeating: "[", count: 100_000) + "\n",
            says: ["FILE:1"], hasHelp: false),
        Case("a bad escape", "a.jsonl", "{\"a\": \"\\x\"}\n", says: ["FILE:1"]),
        Case("a NUL in JSON", "a.jsonl", Array("{\"a\": 1}\n{\"a\": \"".utf8) + [0, 34, 125, 10], says: ["FILE:2"]),
        Case(
            "JSON that is not UTF-8", "a.jsonl", Array("{\"a\": \"".utf8) + [0xFF, 34, 125, 10],
            says: ["FILE:1", "UTF-8"]),
        Case("an empty JSON file", "a.jsonl", "", says: ["FILE", "empty"]),
    ]

    @Test(arguments: cases)
    func isRefused(_ item: Case) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(item.name, item.bytes)
        let problem = try Self.failure(
            "load '\(file)'\(item.options) |> write '\(folder("out.csv"))'")
        for part in item.says {
            #expect(problem.rendered.contains(part.replacing("FILE", with: file)), "\(problem.rendered)")
        }
        if item.hasHelp { #expect(problem.help != nil, "\(problem.rendered)") }
        #expect(folder.names == [item.name], "something was written")
    }

    @Test func hundredMegabytesInOneField() throws {
        let folder = try TemporaryFolder()
        let field = [UInt8](repeating: 97, count: 100 << 20)
        let file = try folder.write("a.csv", Array("id,text\n1,x\n2,\"".utf8) + field + Array("\"\n3,y\n".utf8))
        let problem = try Self.failure("load '\(file)' |> aggregate count() as n")
        #expect(problem.rendered.contains("\(file):3"), "\(problem.rendered)")
        #expect(problem.help?.contains("max_line_size") == true, "\(problem.rendered)")
        let lines = try folder.write("a.jsonl", Array("{\"a\": 1}\n{\"a\": \"".utf8) + field + Array("\"}\n".utf8))
        #expect(try Self.failure("load '\(lines)' |> aggregate count() as n").rendered.contains("\(lines):2"))
    }

    @Test func aWrongTypeBehindTheSampleHasItsLine() throws {
        let folder = try TemporaryFolder()
        let rows = (1...1_000).map { "\($0),text" }.joined(separator: "\n")
        let file = try folder.write("a.csv", "id,text\n" + rows + "\nmany,text\n")
        let problem = try Self.failure("load '\(file)' with (sample_size = 100) |> aggregate sum(id) as n")
        #expect(problem.rendered.contains("\(file):1002"), "\(problem.rendered)")
        #expect(problem.help != nil, "\(problem.rendered)")
    }

    @Test func skippedRowsAreCounted() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a.csv", "id,text\n1,a\n2\n3,c,d\n4,e\n")
        let results = try Session().run("load '\(file)' with (ignore_errors = true)")
        #expect(results.values("id") == [1, 4])
        #expect(results.profile.skippedRows == 2)
    }

    @Test func whatIsNoFile() throws {
        let folder = try TemporaryFolder()
        #expect(try Self.failure("load '\(folder.path)'").rendered.contains("is a folder"))
        let missing = try Self.failure("load '\(folder("gone.csv"))'")
        #expect(missing.message.contains(folder("gone.csv")) && missing.help != nil)
        let pattern = try Self.failure("load '\(folder("*.csv"))'")
        #expect(pattern.message.contains(folder("*.csv")) && pattern.help != nil)
    }

    @Test func filesThatDoNotFitTogether() throws {
        let folder = try TemporaryFolder()
        try folder.write("1.csv", "id,text\n1,a\n")
        try folder.write("2.csv", "id,words\n1,a\n")
        let problem = try Self.failure("load '\(folder("*.csv"))'")
        #expect(problem.rendered.contains("2.csv") && problem.rendered.contains("1.csv"), "\(problem.rendered)")
    }
}
