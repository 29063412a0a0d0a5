import MartletSupport
import Testing

@Suite struct JSONTests {
    @Test func readsEveryKind() throws {
        let value = try JSON.parse(#" {"a": [1, -2.5, true, false, null, "x"], "b": {"c": {}}, "d": []} "#)
        #expect(value["a"]?[0] == .int(1))
        #expect(value["a"]?[1] == .number(-2.5))
        #expect(value["a"]?[2]?.bool == true)
        #expect(value["a"]?[3]?.bool == false)
        #expect(value["a"]?[4]?.isNull == true)
        #expect(value["a"]?[5]?.string == "x")
        #expect(value["a"]?[6] == nil)
        #expect(value["b"]?["c"]?.object?.isEmpty == true)
        #expect(value["d"]?.array?.isEmpty == true)
        #expect(value.object?.keys == ["a", "b", "d"])
    }

    @Test(arguments: [
        ("0", JSON.int(0)), ("-1", .int(-1)), ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("123456789012345678901234567890", .number(123_456_789_012_345_678_901_234_567_890)),
        ("1e3", .number(1000)), ("1E+2", .number(100)), ("0.1", .number(0.1)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
        ("4.9e-324", .number(5e-324)), ("1e-400", .number(0)), ("0.30000000000000004", .number(0.30000000000000004)),
        ("9007199254740993.0", .number(9_007_199_254_740_992)),
        ("123456789.123456789e-10", .number(123456789.123456789e-10)),
        ("0.000000000000000000000000000000000000001", .number(1e-39)),
        ("2.2250738585072011e-308", .number(2.2250738585072011e-308)), ("0e1000000000000000000000", .number(0)),
    ])
    func readsNumbersExactly(text: String, expected: JSON) throws {
        #expect(try JSON.parse(text) == expected)
    }

    @Test func keepsTheSignOfZero() throws {
        #expect(try JSON.parse("-0").double?.sign == .minus)
        #expect(try JSON.parse("-0.0").double?.sign == .minus)
    }

    @Test(arguments: [
        (#""\u0041\n\t\"\\\/\b\f\r""#, "A\n\t\"\\/\u{8}\u{c}\r"), (#""\uD83D\uDE00""#, "😀"), (#""é😀\u00e9""#, "é😀é"),
        (#""\u0000x""#, "\0x"), (#""""#, ""), (#""12345678\n12345678""#, "12345678\n12345678"),
        ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
    ])
    func decodesStrings(text: String, expected: String) throws {
        #expect(try JSON.parse(text).string.map { Array($0.utf8) } == Array(expected.utf8))
    }

    @Test func lastOfRepeatedKeysWins() throws {
        let value = try JSON.parse(#"{"a":1,"b":2,"a":3}"#)
        #expect(value.text == #"{"a":3,"b":2}"#)
        // Canonically equivalent keys are different keys.
        #expect(try JSON.parse("{\"\u{e9}\":1,\"e\u{301}\":2}").object?.count == 2)
    }

    @Test func findsMembersOfLargeObjects() throws {
        let text = "{" + (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + ",\"k7\":-7}"
        let value = try JSON.parse(text)
        #expect(value.object?.count == 1000)
        #expect(value["k7"]?.int == -7)
        #expect(value["k999"]?.int == 999)
        #expect(value["k1000"] == nil)
    }

    @Test(arguments: [
        ("", JSONError.Reason.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2),
        ("[1,]", .unexpectedByte(0x5D, expected: "a value"), 3),
        ("[1 2]", .unexpectedByte(0x32, expected: "`,` or `]` after an element"), 3),
        ("{\"a\" 1}", .unexpectedByte(0x31, expected: "`:` after a key"), 5),
        ("{a:1}", .unexpectedByte(0x61, expected: "a key in double quotes"), 1), ("01", .leadingZero, 0),
        ("-01", .leadingZero, 1),
        ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1.e1", .unexpectedByte(0x65, expected: "a digit"), 2),
        ("1e", .unexpectedEnd, 2),
        ("1e999", .numberOutOfRange, 0), ("+1", .unexpectedByte(0x2B, expected: "a value"), 0),
        (".5", .unexpectedByte(0x2E, expected: "a value"), 0),
        ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte(0x4C, expected: "`null`"), 3), ("1 x", .trailingBytes, 2),
        ("\"a", .unterminatedString, 0), ("\"\\", .unterminatedString, 0), ("\"\\x\"", .invalidEscape, 1),
        ("\"\\u12g4\"", .invalidEscape, 1),
        ("\"\\uD800\"", .loneSurrogate, 1), ("\"\\uDC00\"", .loneSurrogate, 1),
        ("\"\\uD800\\u0041\"", .loneSurrogate, 1),
        ("\"a\nb\"", .controlCharacter(0x0A), 2), ("NaN", .unexpectedByte(0x4E, expected: "a value"), 0),
        ("\u{FEFF}1", .unexpectedByte(0xEF, expected: "a value"), 0), ("[", .unexpectedEnd, 1),
        ("{", .unexpectedEnd, 1), ("{\"a\":1", .unexpectedEnd, 6),
    ])
    func refusesBrokenText(text: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0xFF], [0xF0, 0x9F, 0x98, 0x22],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSON.parse([0x22, 0x61] + bytes + [0x22]) }
        #expect(error?.reason == .invalidUTF8)
        #expect(error?.offset == 2)
    }

    @Test func capsTheDepth() throws {
        let limit = JSONScanner.maximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON.parse(nested(limit))
        for text in [
            nested(limit + 1), String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 100_000),
        ] {
            #expect(throws: JSONError.self) { try JSON.parse(text) }
            Array(text.utf8).withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                let error = #expect(throws: JSONError.self) { try scanner.skipValue() }
                #expect(error?.reason == .tooDeep(limit: limit))
            }
        }
    }

    @Test func placesErrorsByLineAndColumn() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("{\n \"é\": x}") }
        #expect(error?.line == 2)
        #expect(error?.column == 7)
        #expect(error?.inFile("a.json").explanation.place?.text == "a.json:2:7")
        #expect(error?.explanation.message == "not valid JSON: found `x` where a value should be")
    }

    @Test func everyPrefixOfATextIsRefused() throws {
        let text = Array(#"{"a":[1,-2.5e-3,true,null,"é\uD83D\uDE00\n"],"b":{"c":"12345678901234567890"}}"#.utf8)
        _ = try JSON.parse(text)
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<length])) }
        }
    }

    @Test func scansWithoutATree() throws {
        let text = Array(#"xx{"skip":{"deep":[{}]},"t\u0065xt":"a\"b","n":12}yy"#.utf8)
        try text.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes, range: 2..<text.count - 2)
            var seen: [String] = []
            var buffer: [UInt8] = []
            #expect(try scanner.peek() == .object)
            #expect(try scanner.openObject())
            repeat {
                let key = try scanner.scanKey()
                if scanner.text(key, is: "text") {
                    try scanner.scanString(into: &buffer)
                    seen.append(String(decoding: buffer, as: UTF8.self))
                } else if scanner.text(key, is: "n") {
                    #expect(try scanner.scanNumber() == .int(12))
                } else {
                    seen.append(String(decoding: bytes[try scanner.skipValue()], as: UTF8.self))
                }
            } while try scanner.nextMember()
            #expect(seen == [#"{"deep":[{}]}"#, "a\"b"])
            try scanner.expectEnd()
        }
    }

    @Test func writesCompactTextThatReadsBack() throws {
        let value: JSON = [
            "k": ["a\"\\\n\u{1}\u{7f}é😀", 1.5, -3, true, nil, [:], []], "big": 1e300, "min": .int(.min),
        ]
        #expect(
            value.text
                == #"{"k":["a\"\\\n\u0001\u007fé😀",1.5,-3,true,null,{},[]],"big":1e+300,"min":-9223372036854775808}"#)
        #expect(try JSON.parse(value.text) == value)
        #expect(JSON.number(.nan).text == "null")
        #expect(JSON.number(-.infinity).text == "null")
    }
}
