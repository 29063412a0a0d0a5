import Foundation
import MartletData
import MartletSupport
import MartletTensor
import Testing

struct WritingTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func text(_ path: String, _ columns: [(String, Column)], _ options: (name: String, value: Value)...) throws
        -> String
    {
        let schema = try Schema(columns.map { Field($0.0, $0.1.type) })
        let sink = MemorySink()
        let writer = try DataFormats.makeWriter(path: path, schema: schema, options: options, sink: sink)
        let count = columns.first?.1.count ?? 0
        let morsel = Morsel(schema: schema, columns: columns.map(\.1), rowCount: count)
        for row in 0..<count { try writer.write(morsel.slice(row..<row + 1)) }
        try writer.finish()
        return sink.text
    }

    @Test func csvQuotesWhatMustBeQuoted() throws {
        let strings = Column([
            .string("plain"), .string(""), .null, .string("a,b"), .string("q\"q"), .string("l\nl"), .string("r\rr"),
            .string(" s"), .string("é;"),
        ])
        #expect(
            try text("x.csv", [("a,b", strings)])
                == "\"a,b\"\nplain\n\"\"\n\n\"a,b\"\n\"q\"\"q\"\n\"l\nl\"\n\"r\rr\"\n\" s\"\né;\n")
        #expect(
            try text("x.csv", [("a", Column([.string("NA"), .null]))], ("nullstr", .string("NA"))) == "a\n\"NA\"\nNA\n")
        #expect(
            try text(
                "x.tsv", [("a", Column(strings: ["a,b", "c\td"])), ("b", Column(ints: [1, 2]))],
                ("header", .bool(false)))
                == "a,b\t1\n\"c\td\"\t2\n")
        #expect(try text("x.csv", []) == "\n")
    }

    @Test func valuesHaveOneText() throws {
        let columns: [(String, Column)] = [
            ("b", Column(bools: [true])), ("i", Column(ints: [.min])), ("f", Column(floats: [0.1 + 0.2])),
            ("t", Column(timestamps: [1_500_000])), ("y", Column([.bytes([0, 255])])),
            ("l", Column([.list([.string("x"), .null])])),
            ("s", Column([.structure([.init("k", .float(.nan)), .init("v", .int(1))])])),
            ("e", Column(tensor: Tensor([Float(0.1), -2, 1e-7, .infinity], shape: [1, 2, 2]))),
        ]
        #expect(
            try text("x.csv", columns) == """
                b,i,f,t,y,l,s,e
                true,-9223372036854775808,0.30000000000000004,1970-01-01T00:00:01.5Z,\\x00ff,"[""x"",null]","{""k"":""nan"",""v"":1}","[[0.1,-2.0],[1e-07,""inf""]]"

                """)
        #expect(
            try text("x.jsonl", columns) == """
                {"b":true,"i":-9223372036854775808,"f":0.30000000000000004,"t":"1970-01-01T00:00:01.5Z","y":"\\\\x00ff","l":["x",null],"s":{"k":"nan","v":1},"e":[[0.1,-2.0],[1e-07,"inf"]]}

                """)
        #expect(
            try text("x.json", [("a\"b", Column(strings: ["\u{1}\t\\é"]))])
                == "[\n{\"a\\\"b\":\"\\u0001\\t\\\\é\"}\n]\n")
        #expect(try text("x.json", [("a", Column(ints: []))]) == "[]\n")
        #expect(try text("x.jsonl", [("a", Column(ints: []))]) == "")
    }

    @Test(arguments: ["csv", "tsv", "jsonl", "json"])
    func whatWasWrittenReadsBack(_ format: String) throws {
        var random = Random(state: 3)
        let types: [DataType] = [
            .bool, .int, .float, .string, .timestamp, .list(.int), .list(.string), .tensor(.float32, shape: [3]),
        ]
        let columns = types.map { type in
            Column((0..<200).map { _ in ColumnTests.value(type, &random) }, type: type)
        }
        let schema = try Schema(types.enumerated().map { Field("c\($0)", $1) })
        let file = try AtomicFile(path: folder.path + "/out." + format)
        let writer = try DataFormats.makeWriter(path: file.path, schema: schema, sink: file)
        try writer.write(Morsel(schema: schema, columns: columns, rowCount: 200))
        try writer.finish()
        try file.commit()
        let (rows, read, _) = try readAll(
            file.path, [("columns", .structure(schema.fields.map { .init($0.name, .string($0.type.text)) }))])
        #expect(read == schema)
        for row in 0..<200 { #expect(rows[row] == columns.map { $0.value(row) }) }
    }

    @Test func filesAppearWholeOrNotAtAll() throws {
        let path = try folder.write("out.csv", "old")
        chmod(path, 0o640)
        var file: AtomicFile? = try AtomicFile(path: path)
        try Array("new".utf8).withUnsafeBytes { try file?.write($0) }
        #expect(folder.read("out.csv") == "old")
        #expect(folder.names.count == 2)
        #expect(throws: WriteError.alreadyOpen(path: path)) { try AtomicFile(path: path) }
        try file?.commit()
        #expect(folder.read("out.csv") == "new")
        #expect(folder.names == ["out.csv"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        file = try AtomicFile(path: path)
        try Array("newer".utf8).withUnsafeBytes { try file?.write($0) }
        file = nil
        #expect(folder.read("out.csv") == "new")
        #expect(folder.names == ["out.csv"])
    }

    @Test func aLinkStaysALink() throws {
        let path = try folder.write("real.csv", "old")
        let link = folder.path + "/link.csv"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.csv")
        let file = try AtomicFile(path: link)
        try Array("new".utf8).withUnsafeBytes { try file.write($0) }
        try file.commit()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.csv")
        #expect(FileManager.default.contents(atPath: path) == Data("new".utf8))
    }

    @Test func whatCannotBeWrittenIsAnError() throws {
        #expect(throws: WriteError.isDirectory(path: folder.path)) { try AtomicFile(path: folder.path) }
        #expect(throws: WriteError.cannotCreate(path: folder.path + "/no/x.csv", errno: ENOENT)) {
            try AtomicFile(path: folder.path + "/no/x.csv")
        }
        let full = try AtomicFile(path: "/dev/full")
        #expect(throws: WriteError.diskFull(path: "/dev/full", written: 0)) {
            try Array("x".utf8).withUnsafeBytes { try full.write($0) }
            try full.commit()
        }
        let null = try AtomicFile(path: "/dev/null")
        try Array("x".utf8).withUnsafeBytes { try null.write($0) }
        try null.commit()
        #expect(WriteError.diskFull(path: "x", written: 3).explanation.help != nil)
    }

    @Test func aGoneReaderIsAnErrorAndNoSignal() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let sink = DescriptorSink(descriptor: ends[1], path: "pipe")
        #expect(throws: WriteError.closedPipe(path: "pipe")) {
            try Array("x".utf8).withUnsafeBytes { try sink.write($0) }
            try sink.flush()
        }
        close(ends[1])
    }

    @Test func pipesAreReadOnce() throws {
        let path = folder.path + "/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            guard let handle = fopen(path, "w") else { return }
            fputs("a,b\n", handle)
            for row in 0..<100_000 { fputs("\(row),text \(row)\n", handle) }
            fclose(handle)
        }
        writer.start()
        let source = try DataFormats.open(path)
        #expect(source.schema.text == "a int, b string")
        #expect(source.byteCount == nil)
        let reader = try source.makeReader(ScanRequest())
        var sum: Int64 = 0
        while let morsel = try reader.next() { sum += morsel.columns[0].withInts { $0.reduce(0, +) } }
        #expect(sum == 4_999_950_000)
        #expect(throws: ReadError.inputTaken(file: path)) { try source.makeReader(ScanRequest()).next() }
    }
}
