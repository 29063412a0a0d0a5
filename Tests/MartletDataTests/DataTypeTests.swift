import MartletData
import Testing

struct DataTypeTests {
    @Test(arguments: [
        "null", "bool", "int", "float", "string", "bytes", "timestamp", "list(string)", "struct(a int, b string)",
        "float[384]", "int8[n]", "float[?]", "float[3,224,224]", "list(struct(a int not null, b list(float)))",
        "struct(\"a b\" int)", "int64[n,?,4]", "float[]",
    ])
    func textFormsRoundTrip(_ text: String) throws {
        #expect(try DataType(parsing: text).text == text)
    }

    @Test func spacesCaseAndAliases() throws {
        #expect(try DataType(parsing: " LIST ( Varchar ) ") == .list(.string))
        #expect(try DataType(parsing: "float32[ 3 , n ]") == .tensor(.float32, [.fixed(3), .named("n")]))
        #expect(try DataType(parsing: "int[4]") == .tensor(.int64, shape: [4]))
    }

    @Test(arguments: [
        "", "floot", "list", "list(", "list()", "list(int", "float[", "float[3", "float[3,]", "string[3]", "int int",
        "struct()", "struct(a)", "struct(a int, A int)", "float[99999999999999999999]", "struct(a int not)", "\"x",
        String(repeating: "list(", count: 100),
    ])
    func whatIsNoType(_ text: String) {
        #expect(throws: SchemaError.self) { try DataType(parsing: text) }
    }

    @Test func unification() {
        #expect(DataType.int.unified(with: .float) == .float)
        #expect(DataType.null.unified(with: .list(.int)) == .list(.int))
        #expect(DataType.list(.null).unified(with: .list(.int)) == .list(.int))
        #expect(DataType.string.unified(with: .int) == nil)
        #expect(DataType.bool.unified(with: .int) == nil)
        #expect(DataType.timestamp.unified(with: .string) == nil)
        #expect(DataType.labels(["a"]).unified(with: .labels(["b"])) == .string)
        #expect(DataType.labels(["a"]).unified(with: .labels(["a"])) == .labels(["a"]))
        #expect(DataType.tensor(.float32, shape: [3]).unified(with: .tensor(.float32, shape: [4])) == nil)
        #expect(
            DataType.tensor(.float32, shape: [3]).unified(with: .tensor(.float32, [.unknown]))
                == .tensor(.float32, [.unknown]))
        #expect(
            DataType.structure([Field("a", .int)]).unified(with: .structure([Field("a", .float)]))
                == .structure([Field("a", .float)]))
        #expect(DataType.structure([Field("a", .int)]).unified(with: .structure([Field("b", .int)])) == nil)
    }

    @Test func schemaIgnoresCaseAndRefusesDuplicates() throws {
        let schema = try Schema([Field("Id", .int), Field("text", .string)])
        #expect(schema.index(of: "ID") == 0)
        #expect(schema.index(of: "Text") == 1)
        #expect(schema.index(of: "score") == nil)
        #expect(schema.names == ["Id", "text"])
        #expect(schema.selecting([1]).index(of: "TEXT") == 0)
        #expect(throws: SchemaError.duplicateName(name: "ID", first: "Id", firstPosition: 0, secondPosition: 2)) {
            try schema.appending([Field("ID", .float)])
        }
    }

    @Test func timestamps() {
        func parse(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBufferPointer { TimestampText.parse($0) } }
        #expect(parse("1970-01-01") == 0)
        #expect(parse("1970-01-01T00:00:01Z") == 1_000_000)
        #expect(parse("2000-03-01") == 951_868_800_000_000)
        #expect(parse("2024-02-29 13:00:00.25+01:00") == 1_709_208_000_250_000)
        #expect(parse("2024-02-29T13:00-0130") == 1_709_217_000_000_000)
        #expect(parse("0001-01-01") == -62_135_596_800_000_000)
        for text in [
            "", "2024", "2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T24:00", "2024-01-01T", "2024-01-01Z",
            "2024-01-01T00:00:00.1234567", "2024-01-01T00:00:60", "2024-01-01 00:00:00 ", "0000-01-01",
            "0001-01-01T00:00+01:00", "9999-12-31T23:30-01:00",
        ] {
            #expect(parse(text) == nil, "\(text)")
        }
        for text in [
            "2024-02-29T12:00:00.25Z", "1969-12-31T23:59:59.999999Z", "1600-02-29T00:00:00Z", "9999-12-31T23:59:59Z",
        ] {
            #expect(parse(text).map { TimestampText.text($0) } == text)
        }
    }
}
