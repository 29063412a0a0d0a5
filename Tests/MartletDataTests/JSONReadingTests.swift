import Foundation
import MartletData
import MartletSupport
import Testing

struct JSONReadingTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func read(_ text: String, _ options: (name: String, value: Value)...) throws -> (String, [[String]]) {
        let (rows, schema, _) = try readAll(folder.write("in.jsonl", text), options)
        return (schema.text, rows.map { $0.map(\.text) })
    }

    private func failure(_ text: String, _ options: [(name: String, value: Value)] = [], file: String = "in.jsonl")
        throws -> ReadError?
    {
        do {
            _ = try readAll(folder.write(file, text), options)
            return nil
        } catch let error as ReadError {
            #expect(!error.explanation.message.isEmpty)
            return error
        }
    }

    @Test func columnsAreTheUnionOfKeys() throws {
        let (schema, rows) = try read(
            """
            {"b": 1, "a": "x"}

            {"a": null, "c": [1, 2.5], "b": 2.5}\r
             {"s": {"k": true, "l": []}, "n": null}
            {"s": {"l": ["é\\n\\ud83d\\ude00"], "k": null}, "c": []}
            """)
        #expect(schema == "b float, a string, c list(float), s struct(k bool, l list(string)), n string")
        #expect(
            rows == [
                ["1.0", "x", "null", "null", "null"], ["2.5", "null", "[1.0, 2.5]", "null", "null"],
                ["null", "null", "null", "{k: true, l: []}", "null"],
                ["null", "null", "[]", "{k: null, l: ['é\n😀']}", "null"],
            ])
    }

    @Test func errorsNameTheirLine() throws {
        #expect(
            try failure("{\"a\": 1}\n{\"a\": }\n") == .json(place(2, 7, 15), .unexpectedByte(0x7d, expected: "a value"))
        )
        #expect(try failure("{\"a\": 1}\n{\"a\": 1") == .json(place(2, 8, 16), .unexpectedEnd))
        #expect(try failure("{\"a\": 1} {\"a\": 2}\n") == .json(place(1, 10, 9), .trailingBytes))
        #expect(try failure("{\"a\": 1}\n[1]\n") == .notAnObject(place(2, 1, 9), found: .array))
        #expect(try failure("{\"a\": 1, \"a\": 2}\n") == .duplicateKey(place(1, 14, 13), path: "a"))
        #expect(
            try failure("{\"a\": {\"x\": [1]}}\n{\"a\": {\"x\": [\"s\"]}}\n")
                == .mixedTypes(place(2, 17, 34), path: "a.x[]", first: .int, found: .string))
        #expect(try failure("") == .empty(file: folder.path + "/in.jsonl"))
        #expect(try failure("{\"a\": \"\u{1}\"}\n") == .json(place(1, 8, 7), .controlCharacter(1)))
    }

    @Test func whatComesAfterTheSampleMustFit() throws {
        let sample: [(name: String, value: Value)] = [("sample_size", .int(1))]
        #expect(
            try failure("{\"a\": 1}\n{\"a\": 1.5}\n", sample)
                == .typeMismatch(
                    place(2, 10, 18), path: "a", found: "a number with decimals or beyond 64 bits", type: .int,
                    inferredFrom: 1))
        #expect(
            try failure("{\"a\": 1}\n{\"b\": 1}\n", sample) == .unknownKey(place(2, 6, 14), path: "b", inferredFrom: 1))
        #expect(
            try read("{\"a\": 1}\n{\"b\": 1}\n", ("columns", .structure([.init("b", .string("float"))]))).1 == [
                ["null"], ["1.0"],
            ])
        let (_, rows) = try read(
            "{\"a\": 1}\n{\"a\": [1, {\"x\": 2}]}\n{\"a\": \"s\"}\n",
            ("types", .structure([.init("a", .string("string"))])))
        #expect(rows == [["1"], ["[1, {\"x\": 2}]"], ["s"]])
        let (kept, _, reader) = try readAll(
            folder.write("in.jsonl", "{\"a\": 1}\nnope\n{\"a\": \"x\"}\n{\"a\": 4}\n"),
            [("ignore_errors", .bool(true)), ("sample_size", .int(1))])
        #expect(kept == [[.int(1)], [.int(4)]])
        #expect(reader.skipped.count == 2)
    }

    @Test func tensorsAndTimes() throws {
        let (schema, rows) = try read(
            "{\"e\": [[1, 2.5], [3, -4e2]], \"t\": \"2024-02-29T00:00:00Z\", \"f\": \"nan\"}\n{\"e\": null, \"t\": null, \"f\": 1}\n",
            (
                "types",
                .structure([
                    .init("e", .string("float[2,2]")), .init("t", .string("timestamp")), .init("f", .string("float")),
                ])
            ))
        #expect(schema == "e float[2,2], t timestamp, f float")
        #expect(rows == [["[[1.0, 2.5], [3.0, -400.0]]", "2024-02-29T00:00:00Z", "nan"], ["null", "null", "1.0"]])
        for bad in ["[1,2,3,4]", "[[1,2]]", "[[1,2],[3,4],[5,6]]", "[[1,2],[3,\"x\"]]", "[[1,2],[3]]"] {
            #expect(
                try failure("{\"e\": \(bad)}\n", [("types", .structure([.init("e", .string("float[2,2]"))]))]) != nil,
                "\(bad)")
        }
    }

    @Test func arraysAndSequencesOfObjects() throws {
        let expected: [[Value]] = [[.int(1), .string("x\ny")], [.int(2), .null]]
        for text in [
            "[{\"a\": 1, \"b\": \"x\\ny\"}, {\"a\": 2}]", " [\n  {\"a\": 1,\n   \"b\": \"x\\ny\"},\n  {\"a\": 2}\n]\n",
            "{\"a\": 1,\n \"b\": \"x\\ny\"}\n{\"a\": 2}", "{\"a\": 1, \"b\": \"x\\ny\"}{\"a\": 2}",
        ] {
            #expect(
                try readAll(folder.write("in.json", text), [], ScanRequest(morselRows: 1)).rows == expected, "\(text)")
        }
        let source = try DataFormats.open(folder.write("in.json", "[\n{\"a\":\n1},\n\n{\"a\": 2}\n]"))
        let morsel = try #require(try source.makeReader(ScanRequest()).next())
        #expect([morsel.origins[0].line, morsel.origins[1].line] == [2, 5])
        for text in [
            "[{\"a\": 1}", "[{\"a\": 1},", "[{\"a\": 1},]", "[{\"a\": 1} {\"a\": 2}]", "[{\"a\": 1}] x", "[1]", "[",
        ] {
            #expect(try failure(text, file: "in.json") != nil, "\(text)")
        }
    }

    @Test func valuesLargerThanAChunkAreReadWhole() throws {
        let long = String(repeating: "é\\n", count: 900_000)
        let text = "[{\"a\": \"\(long)\"}, {\"a\": \"b\"}]"
        #expect(try readAll(folder.write("in.json", text)).rows.map { $0[0].text.utf8.count } == [2_700_000, 1])
        #expect(try readAll(folder.write("in.jsonl", "{\"a\": \"\(long)\"}\n{\"a\": \"b\"}\n")).rows.count == 2)
        guard case .lineTooLong? = try failure(text, [("max_line_size", .int(100_000))]) else {
            Issue.record("no error")
            return
        }
    }

    @Test func hostileNestingAndKeysEndInErrors() throws {
        #expect(
            try failure(String(repeating: "{\"a\":", count: 5_000) + "1" + String(repeating: "}", count: 5_000)) != nil)
        #expect(
            try failure("{\"a\":" + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}")
                != nil)
        let many = "{" + (0..<10_001).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        guard case .tooManyColumns? = try failure(many) else {
            Issue.record("no error")
            return
        }
    }

    /// Found by fuzzing: what is inferred must have a type whose text parses.
    @Test func inferredTypesAreNoDeeperThanTypesMayBe() throws {
        for depth in 1..<40 {
            let text = "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
            if let schema = try? DataFormats.open(folder.write("in.jsonl", text)).schema {
                #expect(try DataType(parsing: schema[0].type.text) == schema[0].type)
            }
        }
        #expect(throws: SchemaError.self) {
            try DataFormats.open(folder.write("in.jsonl", "{\"s\": [{\"a\": 1}, {\"A\": 2}]}"))
        }
        let (rows, schema, _) = try readAll(
            folder.write("in.jsonl", "{\"b\": 1, \"a\": [}\n{\"a\": 2}\n"), [("ignore_errors", .bool(true))])
        #expect(schema.text == "a int")
        #expect(rows == [[.int(2)]])
    }

    @Test func contentDecidesWithoutAnExtension() throws {
        #expect(try DataFormats.open(folder.write("data", " \n{\"a\": 1}\n")).schema.text == "a int")
        #expect(try DataFormats.open(folder.write("data", "\u{feff}[{\"a\": 1}]")).schema.text == "a int")
        #expect(try DataFormats.open(folder.write("data", "a,b\n1,x\n")).schema.text == "a int, b string")
    }

    @Test func everyTruncationEndsWell() throws {
        let whole = Array(
            "{\"a\": [1, -2.5e3, null], \"b\": {\"c\": \"\\u00e9\\ud83d\\ude00é\"}}\r\n{\"b\": null, \"a\": []}\n".utf8)
        for length in 0...whole.count {
            for name in ["cut.jsonl", "cut.json"] {
                let path = try folder.write(name, Array(whole[..<length]))
                for options: [(name: String, value: Value)] in [[], [("ignore_errors", .bool(true))]] {
                    do { _ = try readAll(path, options, ScanRequest(morselRows: 1)) } catch let error as ReadError {
                        #expect(!error.explanation.message.isEmpty)
                    }
                }
            }
        }
    }

    private func place(_ line: Int, _ column: Int, _ offset: Int) -> InputPlace {
        InputPlace(file: folder.path + "/in.jsonl", line: line, column: column, offset: offset)
    }
}
