import Foundation
import MartletData
import MartletSupport
import Testing

struct CSVReadingTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func read(_ text: String, _ options: (name: String, value: Value)...) throws -> [[Value]] {
        try readAll(folder.write("in.csv", text), options).rows
    }

    private func schema(_ text: String, _ options: (name: String, value: Value)...) throws -> String {
        try DataFormats.open(folder.write("in.csv", text), options: options).schema.text
    }

    private func failure(_ text: String, _ options: (name: String, value: Value)...) throws -> ReadError? {
        do {
            _ = try readAll(folder.write("in.csv", text), options)
            return nil
        } catch let error as ReadError {
            #expect(!error.explanation.message.isEmpty)
            return error
        }
    }

    @Test func infersTypes() throws {
        #expect(
            try schema("a,b,c,d,e,f\ntrue,1,1.5,2024-01-01,x,\nFALSE,-2,3,2024-01-01T10:00:00Z,1,\n")
                == "a bool, b int, c float, d timestamp, e string, f string")
        // What a number would not give back is no number.
        #expect(
            try schema("zip,tel,big,mix\n01234,+49,12345678901234567890,1\n2,3,4,x\n")
                == "zip string, tel string, big string, mix string")
        #expect(try schema("a,b\nnan,1\ninf,nan\n") == "a string, b float")
    }

    @Test func readsValuesAndNulls() throws {
        let rows = try read("a,b,c\n1,\"\",x\n,,\"y\"\"z\"\n\"3\",\" \",\n")
        #expect(
            rows == [
                [.int(1), .string(""), .string("x")], [.null, .null, .string("y\"z")], [.int(3), .string(" "), .null],
            ])
        #expect(
            try read("a,b\nNA,NA\n1,\"NA\"\n,\n2,x\n", ("nullstr", .string("NA"))) == [
                [.null, .null], [.int(1), .string("NA")], [.null, .string("")], [.int(2), .string("x")],
            ])
    }

    @Test(arguments: [",", ";", "\t", "|"])
    func findsTheSeparator(_ separator: String) throws {
        let text = "id,text,n\n1,\"a;b|c\",2\n2,x\ty|z,3\n".split(separator: "\"")
        _ = text
        let rows = try read(
            ["id", "text", "n"].joined(separator: separator) + "\n"
                + ["1", "two words", "3"].joined(separator: separator) + "\n")
        #expect(rows == [[.int(1), .string("two words"), .int(3)]])
    }

    @Test func linesEndInAnyWay() throws {
        let expected: [[Value]] = [[.int(1), .string("x")], [.int(2), .string("y")]]
        for end in ["\n", "\r\n", "\r"] {
            #expect(try read(["a,b", "1,x", "2,y"].joined(separator: end)) == expected)
            #expect(try read("\u{feff}" + ["a,b", "1,x", "", "2,y", "", ""].joined(separator: end)) == expected)
        }
    }

    @Test func oneColumnKeepsBlankLines() throws {
        #expect(try read("a\nx\n\ny\n") == [[.string("x")], [.null], [.string("y")]])
    }

    @Test func headerIsFoundOrSaid() throws {
        #expect(try failure("1,2\n3,4\n").map { if case .headerLooksLikeData = $0 { true } else { false } } == true)
        #expect(try schema("1,2\n3,4\n", ("header", .bool(false))) == "column0 int, column1 int")
        #expect(try schema("1,2\n3,4\n", ("header", .bool(true))) == "\"1\" int, \"2\" int")
        #expect(try schema("a,b\nc,d\n") == "a string, b string")
        #expect(try schema(",b\n1,2\n") == "column0 int, b int")
        #expect(try read("x\n#\na,b\n1,2\n", ("skip", .int(2))) == [[.int(1), .int(2)]])
        #expect(try schema("a,b\n") == "a string, b string")
        #expect(try read("a,b\n") == [])
        #expect(
            try read(
                "id,t\n1,x\n", ("columns", .structure([.init("id", .string("string")), .init("t", .string("string"))])))
                == [[.string("1"), .string("x")]])
        #expect(
            try read("1,x\n", ("columns", .structure([.init("id", .string("int")), .init("t", .string("string"))])))
                == [[.int(1), .string("x")]])
    }

    @Test func errorsNameTheirPlace() throws {
        #expect(try failure("a,b\n1,2\n3\n") == .fieldCount(place(3, 1, 8), expected: 2, found: 1))
        #expect(try failure("a,b\n1,2\n3,4,5\n") == .fieldCount(place(3, 1, 8), expected: 2, found: 3))
        #expect(try failure("a,b\n\"x\ny\",1\n1,\"oh\n\n") == .unterminatedQuote(place(4, 3, 14)))
        #expect(try failure("a,b\n1,5\" disk\n") == .strayQuote(place(2, 4, 7)))
        #expect(try failure("a,b\n1,\"x\"y\n") == .textAfterQuote(place(2, 6, 9)))
        #expect(try failure("a,b\n1,\u{0}\n") == .nul(place(2, 3, 6)))
        #expect(try failure("Id,b,ID\n1,2,3\n") == .duplicateHeader(place(1, 1, 0), name: "ID", first: 1, second: 3))
        #expect(try failure("") == .empty(file: folder.path + "/in.csv"))
        #expect(try failure("\n\n") == .empty(file: folder.path + "/in.csv"))
        let path = try folder.write("in.csv", Array("a,b\nxx,y".utf8) + [0xc3, 0x28, 10])
        #expect(throws: ReadError.invalidUTF8(place(2, 5, 8))) { try readAll(path) }
    }

    @Test func aLaterValueThatDoesNotFitIsAnError() throws {
        var text = "id,score\n"
        for row in 0..<30 { text += "\(row),\(row).5\n" }
        text += "30,high\n"
        let error = try failure(text, ("sample_size", .int(10)))
        #expect(
            error
                == .badValue(
                    InputPlace(file: folder.path + "/in.csv", line: 32, column: 4, offset: text.utf8.count - 5),
                    column: "score", value: "high", type: .float, inferredFrom: 10))
        #expect(error?.explanation.help?.contains("types = {score: 'string'}") == true)
        #expect(try schema(text) == "id int, score string")
        #expect(
            try read(text, ("sample_size", .int(10)), ("types", .structure([.init("score", .string("string"))]))).count
                == 31)
        let (rows, _, reader) = try readAll(
            folder.path + "/in.csv", [("sample_size", .int(10)), ("ignore_errors", .bool(true))])
        #expect(rows.count == 30)
        #expect(reader.skipped.count == 1)
        #expect(reader.skipped.first == error)
    }

    @Test func skippedRowsAreCountedAndOthersKept() throws {
        let path = try folder.write("in.csv", "a,b\n1,2\n3\nx\"y,1\n4,\"5\n\"6\",7\n8,9\n")
        let (rows, schema, reader) = try readAll(path, [("ignore_errors", .bool(true))])
        #expect(schema.text == "a int, b int")
        #expect(rows == [[.int(1), .int(2)], [.int(6), .int(7)], [.int(8), .int(9)]])
        #expect(reader.skipped.count == 3)
    }

    @Test func unwantedColumnsAreCheckedToo() throws {
        let path = try folder.write("in.csv", "a,b,c\n1,2,x\n3,4,y\n5,z,z\n")
        let options: [(name: String, value: Value)] = [("sample_size", .int(2))]
        let (rows, _, _) = try readAll(path, options, ScanRequest(columns: [2, 0], rowLimit: 2))
        #expect(rows == [[.string("x"), .int(1)], [.string("y"), .int(3)]])
        #expect(throws: ReadError.self) { try readAll(path, options, ScanRequest(columns: [0])) }
    }

    @Test func listsAndTensorsStandAsJSON() throws {
        let types = Value.structure([.init("e", .string("float[2]")), .init("l", .string("list(string)"))])
        let rows = try read("e,l\n\"[1,2.5]\",\"[\"\"a\"\",null]\"\n,[]\n", ("types", types))
        #expect(rows.map { $0.map(\.text) } == [["[1.0, 2.5]", "['a', null]"], ["null", "[]"]])
        #expect(try failure("e\n\"[1,2,3]\"\n", ("types", .structure([.init("e", .string("float[2]"))]))) != nil)
    }

    @Test func overlongRowsEndInAnError() throws {
        let text = "a,b\n1,\"" + String(repeating: "x", count: 5_000_000) + "\"\n"
        guard case .lineTooLong(let place, let limit, true)? = try failure(text, ("max_line_size", .int(1_000_000)))
        else {
            Issue.record("no error")
            return
        }
        #expect(place.line == 2)
        #expect(limit == 1_000_000)
        #expect(try read(text).first?[1].text.utf8.count == 5_000_000)
    }

    @Test func foreignContentIsRefused() throws {
        for bytes: [UInt8] in [[0xff, 0xfe, 0x61, 0], [0x1f, 0x8b, 8, 0], Array("PAR1xxxx".utf8)] {
            let path = try folder.write("x.csv", bytes)
            #expect {
                try readAll(path)
            } throws: {
                if case ReadError.foreign = $0 { true } else { false }
            }
        }
        #expect(throws: FileError.isDirectory(path: folder.path)) {
            try DataFormats.open(folder.path, options: [("format", .string("csv"))])
        }
        #expect(throws: FileError.self) { try DataFormats.open(folder.path + "/missing.csv") }
    }

    @Test func optionsAreChecked() throws {
        let path = try folder.write("in.csv", "a,b\n1,2\n")
        #expect(throws: ReadError.unknownOption(name: "delimm", format: "csv", suggestion: "delim")) {
            try DataFormats.open(path, options: [("delimm", .string(","))])
        }
        for (name, value): (String, Value) in [
            ("header", .string("yes")), ("delim", .string("ab")), ("delim", .string("")), ("quote", .int(1)),
            ("skip", .int(-1)), ("types", .structure([.init("zz", .string("int"))])),
            ("types", .structure([.init("a", .string("float[n]"))])), ("max_line_size", .int(1 << 40)),
        ] {
            #expect(throws: ReadError.self, "\(name)") { try DataFormats.open(path, options: [(name, value)]) }
        }
        #expect(throws: SchemaError.self) {
            try DataFormats.open(path, options: [("types", .structure([.init("a", .string("floot"))]))])
        }
        #expect(throws: ReadError.unknownFormat(name: "cvs", suggestion: "csv")) {
            try DataFormats.open(path, options: [("format", .string("cvs"))])
        }
    }

    @Test func globsAreSortedAndMustAgree() throws {
        try folder.write("g/b.csv", "b,a\n2.5,y\n")
        try folder.write("g/a.csv", "a,b\nx,1\n")
        try folder.write("g/deep/er/c.csv", "a,b\nz,3\n")
        try folder.write("g/.hidden.csv", "q\n1\n")
        #expect(
            try readAll(folder.path + "/g/*.csv").rows == [[.string("x"), .float(1)], [.string("y"), .float(2.5)]])
        let source = try DataFormats.open(folder.path + "/g/**/*.csv")
        #expect(source.files.map { $0.dropFirst(folder.path.count) } == ["/g/a.csv", "/g/b.csv", "/g/deep/er/c.csv"])
        let reader = try source.makeReader(ScanRequest())
        var places: [String?] = []
        while let morsel = try reader.next() {
            for row in 0..<morsel.rowCount {
                places.append(
                    morsel.origins.placeText(row).map {
                        "\($0.dropFirst(folder.path.count)) \(morsel.origins[row].ordinal)"
                    })
            }
        }
        #expect(places == ["/g/a.csv:2 1", "/g/b.csv:2 2", "/g/deep/er/c.csv:2 3"])
        try folder.write("g/d.csv", "a,b\nx,true\n")
        #expect(
            throws: ReadError.schemaMismatch(
                first: folder.path + "/g/a.csv", second: folder.path + "/g/d.csv", column: "b",
                reason: "is bool there and float here")
        ) { try DataFormats.open(folder.path + "/g/[a-d].csv") }
        #expect(throws: ReadError.noMatch(pattern: folder.path + "/g/*.tsv")) {
            try DataFormats.open(folder.path + "/g/*.tsv")
        }
    }

    @Test func everyTruncationEndsWell() throws {
        let whole = Array("\u{feff}id,text,n\r\n1,\"a \"\"q\"\" é\r\nb\",2.5\r\n2,日本,\r\n\"3\",x,1e3\r\n".utf8)
        for length in 0...whole.count {
            let path = try folder.write("cut.csv", Array(whole[..<length]))
            for options: [(name: String, value: Value)] in [
                [], [("ignore_errors", .bool(true))], [("header", .bool(false)), ("strict", .bool(false))],
            ] {
                do { _ = try readAll(path, options, ScanRequest(morselRows: 1)) } catch let error as ReadError {
                    #expect(!error.explanation.message.isEmpty)
                }
            }
        }
    }

    private func place(_ line: Int, _ column: Int, _ offset: Int) -> InputPlace {
        InputPlace(file: folder.path + "/in.csv", line: line, column: column, offset: offset)
    }
}
