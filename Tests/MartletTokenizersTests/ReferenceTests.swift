import MartletSupport
import MartletTokenizers
import Testing

@Suite struct ReferenceTests {
    static let tokenizers = [
        "wordpiece-uncased", "wordpiece-cased", "bpe-roberta", "bpe-three-digits", "bpe-one-digit", "bpe-sentencepiece",
        "unigram", "wordlevel",
    ]

    @Test(arguments: tokenizers)
    func encodesAsTheReference(name: String) throws {
        let cases = try Fixture.lines(Fixture.path("\(name).cases.jsonl")).compactMap(ReferenceCase.init)
        #expect(cases.count > 80)
        try expectExact(Tokenizer.load(path: Fixture.path("\(name).json")), cases)
    }

    @Test(arguments: tokenizers)
    func decodesAsTheReference(name: String) throws {
        let tokenizer = try Tokenizer.load(path: Fixture.path("\(name).json"))
        for reference in try Fixture.lines(Fixture.path("\(name).cases.jsonl")).compactMap(ReferenceCase.init) {
            let decoded = try tokenizer.decode(reference.ids)
            #expect(decoded.utf8.elementsEqual((reference.decoded ?? "").utf8), "\(reference.ids)")
        }
    }

    /// Each normalizer and pre-tokenizer by itself, before a model that shows every byte and every border.
    @Test func partsWorkAsInTheReference() throws {
        var base = try #require(try JSON.parse(Fixture.bytes("probe.json")).object)
        var tokenizer: Tokenizer?
        var cases: [ReferenceCase] = []
        var parts = 0
        func check() throws {
            if let tokenizer { try expectExact(tokenizer, cases) }
            cases = []
        }
        for line in try Fixture.lines(Fixture.path("parts.cases.jsonl")) {
            if let reference = ReferenceCase(line) {
                cases.append(reference)
                continue
            }
            try check()
            base["normalizer"] = line["normalizer"]
            base["pre_tokenizer"] = line["pre_tokenizer"]
            tokenizer = try Tokenizer(.object(base))
            parts += 1
        }
        try check()
        #expect(parts == 53, "one for each part of the script")
    }

    /// Each decoder by itself, on random tokens.
    @Test func decodersWorkAsInTheReference() throws {
        var base = try #require(try JSON.parse(Fixture.bytes("words.json")).object)
        var tokenizer: Tokenizer?
        var count = 0
        for line in try Fixture.lines(Fixture.path("decoders.cases.jsonl")) {
            guard let reference = line["ids"]?.array else {
                base["decoder"] = line["decoder"]
                tokenizer = try Tokenizer(.object(base))
                continue
            }
            let ids = reference.compactMap { $0.int.map(Int32.init) }
            let decoded = try #require(tokenizer).decode(ids)
            let kept = try #require(tokenizer).decode(ids, keepsSpecialTokens: true)
            #expect(Array(decoded.utf8) == line["decoded"]?.string.map { Array($0.utf8) }, "\(ids)")
            #expect(Array(kept.utf8) == line["kept"]?.string.map { Array($0.utf8) }, "\(ids)")
            count += 1
        }
        #expect(count == 380)
    }

    @Test func postProcessorsWorkAsInTheReference() throws {
        var base = try #require(try JSON.parse(Fixture.bytes("words.json")).object)
        var tokenizer: Tokenizer?
        var count = 0
        for line in try Fixture.lines(Fixture.path("processors.cases.jsonl")) {
            guard let reference = ReferenceCase(line) else {
                base["post_processor"] = line["post_processor"]
                tokenizer = try Tokenizer(.object(base))
                continue
            }
            try expectExact(#require(tokenizer), [reference])
            count += 1
        }
        #expect(count == 40)
    }

    @Test func aTemplateAfterATemplateIsRefused() throws {
        var base = try #require(try JSON.parse(Fixture.bytes("words.json")).object)
        let template: JSON = [
            "type": "TemplateProcessing", "single": [["Sequence": ["id": "A", "type_id": 0]]],
            "pair": [
                ["Sequence": ["id": "A", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
                ["Sequence": ["id": "B", "type_id": 0]],
            ], "special_tokens": [:],
        ]
        base["post_processor"] = ["type": "Sequence", "processors": [template, template]]
        #expect(throws: TokenizerError.self) { try Tokenizer(.object(base)) }
    }

    /// BERT's single pass and its three steps are two ways to the same ids.
    @Test func theFastPathIsThePlainPath() throws {
        let fast = try Tokenizer.load(path: Fixture.path("wordpiece-uncased.json"))
        var parts = try #require(try JSON.parse(Fixture.bytes("wordpiece-uncased.json")).object)
        // A sequence of one step is not recognized as BERT's.
        parts["normalizer"] = ["type": "Sequence", "normalizers": .array([parts["normalizer"] ?? .null])]
        let plain = try Tokenizer(.object(parts))
        for block in 0..<0x320 {
            var text = ""
            for low in 0..<256 {
                guard let scalar = Unicode.Scalar(UInt32(block << 8 | low)) else { continue }
                text.unicodeScalars.append(contentsOf: ["a", scalar, "B", low % 3 == 0 ? " " : "\u{301}"])
            }
            #expect(try fast.encode(text).ids == plain.encode(text).ids, "block \(block)")
        }
    }

    @Test(.enabled(if: Fixture.hasData("reference/minilm-tokens.jsonl")))
    func allReviewsTokenizeExactly() throws {
        let data = try #require(Fixture.data)
        let tokenizer = try Tokenizer.load(path: "\(data)/models/all-MiniLM-L6-v2/tokenizer.json")
        let cases = try Fixture.lines("\(data)/reference/minilm-tokens.jsonl").compactMap(ReferenceCase.init)
        #expect(cases.count == 23_703)
        try expectExact(tokenizer, cases)
    }

    @Test(.enabled(if: Fixture.hasData("reference/minilm-adversarial.jsonl")))
    func hostileStringsTokenizeExactly() throws {
        let data = try #require(Fixture.data)
        let tokenizer = try Tokenizer.load(path: "\(data)/models/all-MiniLM-L6-v2/tokenizer.json")
        let cases = try Fixture.lines("\(data)/reference/minilm-adversarial.jsonl").compactMap(ReferenceCase.init)
        #expect(cases.count == 2000)
        try expectExact(tokenizer, cases)
        #expect(tokenizer.vocabularySize == 30_522)
        #expect(tokenizer.declaredMaxLength == 128)
        #expect(tokenizer.padID == 0)
        #expect(tokenizer.specialTokenCount(isPair: true) == 3)
    }
}
