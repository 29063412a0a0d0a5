import MartletSupport
import MartletTokenizers
import Testing

@Suite struct HostileFileTests {
    static let files = ReferenceTests.tokenizers + ["probe"]

    private func load(_ parts: JSON) throws(TokenizerError) -> Tokenizer {
        let bytes = Array(parts.text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(TokenizerError) in try Tokenizer(json: bytes, file: "t.json") }
        }.get()
    }

    @Test(arguments: files)
    func everyCutIsAnError(name: String) throws {
        let whole = try Fixture.bytes("\(name).json")
        _ = try Tokenizer(whole)
        for length in stride(from: 0, to: whole.count, by: 61) {
            #expect(throws: TokenizerError.self) { try Tokenizer(Array(whole[..<length])) }
        }
    }

    /// Every value of the file is replaced by values of other kinds and sizes: an error or a tokenizer that works, no trap.
    @Test(arguments: ["wordpiece-cased", "bpe-three-digits", "bpe-sentencepiece", "unigram", "wordlevel"])
    func everyWrongValueIsSurvived(name: String) throws {
        let whole = try JSON.parse(Fixture.bytes("\(name).json"))
        let replacements: [JSON] = [
            nil, true, 0, -1, 2_147_483_647, 2_147_483_648, .int(.max), .int(.min), 1e300, 0.5, "", "x", "▁", [], [1],
            [[]], [:],
            ["type": "Sequence"], ["type": 1],
        ]
        let texts = ["", "a", "Don't ▁stop é\u{301} 中 12345 [MASK]<mask> film xyz", "\u{0}\u{fffd}\u{1F600}"]
        var loaded = 0
        var refused = 0
        for (number, path) in paths(of: whole, below: []).enumerated() {
            // A third of the replacements for each path, another third for the next one: loading is slow in debug builds.
            for replacement in replacements.indices.filter({ ($0 + number) % 3 == 0 }).map({ replacements[$0] }) {
                let changed = replacing(path[...], in: whole, by: replacement)
                do throws(TokenizerError) {
                    let tokenizer = try load(changed)
                    loaded += 1
                    for text in texts {
                        guard let encoding = try? tokenizer.encode(text, pair: loaded % 2 == 0 ? "b é" : nil) else {
                            continue
                        }
                        _ = try? tokenizer.decode(encoding.ids)
                    }
                } catch {
                    refused += 1
                    #expect(!error.explanation.message.isEmpty)
                }
            }
        }
        #expect(loaded > 0 && refused > 0)
    }

    /// Paths to all values, but of long lists only to the first two elements.
    private func paths(of value: JSON, below path: [String]) -> [[String]] {
        var found = path.isEmpty ? [] : [path]
        switch value {
        case .object(let object):
            for (key, member) in object.members.prefix(8) { found += paths(of: member, below: path + [key]) }
        case .array(let elements):
            for (index, element) in elements.prefix(2).enumerated() {
                found += paths(of: element, below: path + ["\(index)"])
            }
        default: break
        }
        return found
    }

    private func replacing(_ path: ArraySlice<String>, in value: JSON, by replacement: JSON) -> JSON {
        guard let key = path.first else { return replacement }
        switch value {
        case .object(var object):
            object[key] = replacing(path.dropFirst(), in: object[key] ?? nil, by: replacement)
            return .object(object)
        case .array(var elements):
            guard let index = Int(key) else { return value }
            elements[index] = replacing(path.dropFirst(), in: elements[index], by: replacement)
            return .array(elements)
        default: return replacement
        }
    }

    @Test(arguments: [
        ("normalizer", "Bert", "BertNormalizer"), ("pre_tokenizer", "ByteLevl", "ByteLevel"),
        ("post_processor", "TemplateProcesing", "TemplateProcessing"), ("decoder", "Wordpiece", "WordPiece"),
    ])
    func unknownKindsAreNamed(part: String, kind: String, close: String) throws {
        var parts = try #require(try JSON.parse(Fixture.bytes("probe.json")).object)
        parts[part] = ["type": .string(kind)]
        let error = #expect(throws: TokenizerError.self) { try load(.object(parts)) }
        let explanation = try #require(error?.explanation)
        #expect(explanation.message == "tokenizer's \(part) is of unknown kind `\(kind)`")
        #expect(explanation.place?.file == "t.json")
        #expect(explanation.notes.first?.contains(close) == true)
        if kind != "Bert" { #expect(explanation.help == "did you mean `\(close)`?") }
    }

    @Test func unknownModelsAndPatternsAreNamed() throws {
        let model: JSON = ["model": ["type": "Megatron", "vocab": [:]]]
        #expect(
            throws: TokenizerError.unknownKind(
                file: "t.json", part: "model", kind: "Megatron",
                supported: ["BPE", "Unigram", "WordLevel", "WordPiece"])
        ) { try load(model) }
        let split: JSON = [
            "pre_tokenizer": ["type": "Split", "pattern": ["Regex": "(a)\\1"], "behavior": "Isolated"],
            "model": ["type": "WordLevel", "vocab": ["a": 0], "unk_token": "a"],
        ]
        let error = #expect(throws: TokenizerError.self) { try load(split) }
        #expect(
            error?.explanation.message == "the regular expression of the tokenizer's pre_tokenizer.pattern uses "
                + "a reference to a group (`\\1`), which is not supported")
        #expect(error?.explanation.notes == ["at character 4 of the pattern (a)\\1"])
    }

    @Test(arguments: [
        #"{"type":"WordPiece","vocab":{"a":-1}}"#, #"{"type":"WordPiece","vocab":{"a":2147483648}}"#,
        #"{"type":"WordPiece","vocab":{"a":2147483647}}"#, #"{"type":"WordPiece","vocab":{"a":1.5}}"#,
        #"{"type":"WordPiece","vocab":{"a":"1"}}"#, #"{"type":"WordPiece","vocab":["a"]}"#, #"{"type":"WordPiece"}"#,
        #"{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}"#, #"{"type":"BPE","vocab":{"a":0},"merges":["a"]}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":[["a"]]}"#,
        #"{"type":"BPE","vocab":{"a":0,"aa":1},"merges":[["a","a","a"]]}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}"#,
        #"{"type":"Unigram","vocab":[["a",0]],"unk_id":1}"#,
        #"{"type":"Unigram","vocab":[["a"]],"unk_id":0}"#, #"{"type":"Unigram","vocab":[["a",1e999]],"unk_id":0}"#,
        #"{"type":"Unigram","vocab":{"a":1}}"#, #"[]"#, #"7"#, #"{}"#,
    ])
    func brokenModelsAreRefused(model: String) {
        #expect(throws: TokenizerError.self) { try Tokenizer(Array("{\"model\":\(model)}".utf8)) }
    }

    @Test func placesAreGivenInTheFile() throws {
        let text = Array("{\"model\":\n {\"type\":\"WordPiece\",\n  \"vocab\": {\"a\": -1}}}".utf8)
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(text, file: "folder/tokenizer.json") }
        #expect(error?.explanation.place?.text == "folder/tokenizer.json:3:20")
        #expect(throws: FileError.self) { try Tokenizer.load(path: "/nowhere/tokenizer.json") }
    }
}
