import MartletSupport
import MartletTokenizers
import Testing

@Suite struct EncodingTests {
    /// WordPiece over `a`, `b` and their parts; ids 2 and 3 are [CLS] and [SEP].
    private func tokenizer(_ changes: [(String, JSON)] = []) throws -> Tokenizer {
        var parts = JSONObject([
            ("normalizer", ["type": "BertNormalizer"]), ("pre_tokenizer", ["type": "BertPreTokenizer"]),
            (
                "model",
                [
                    "type": "WordPiece", "unk_token": "[UNK]",
                    "vocab": [
                        "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "a": 4, "b": 5, "ab": 6, "##a": 7, "##b": 8,
                        "foo": 9,
                    ],
                ]
            ),
        ])
        for (key, value) in changes { parts[key] = value }
        return try Tokenizer(.object(parts))
    }

    private let bert: (String, JSON) = (
        "post_processor", ["type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]]
    )

    // The expected ids of this suite were taken from tokenizers 0.23.3.

    @Test(
        arguments: [
            ("LongestFirst", "Right", "a b a b a", nil, [4, 5, 4, 5]),
            ("LongestFirst", "Left", "a b a b a", nil, [5, 4, 5, 4]),
            ("LongestFirst", "Right", "a a a a", "b b b b b", [4, 4, 5, 5]),
            ("LongestFirst", "Right", "a", "b b b b b b", [4, 5, 5, 5]),
            ("OnlyFirst", "Right", "a b a b a", nil, [4, 5, 4, 5]),
            ("OnlySecond", "Right", "a", "b b b b b b", [4, 5, 5, 5]),
            ("LongestFirst", "Right", "a", nil, [4]), ("OnlySecond", "Right", "a", nil, [4]),
        ] as [(String, String, String, String?, [Int32])])
    func truncates(strategy: String, direction: String, text: String, pair: String?, ids: [Int32]) throws {
        let rule: JSON = [
            "max_length": 4, "strategy": .string(strategy), "stride": 0, "direction": .string(direction),
        ]
        let encoding = try tokenizer([("truncation", rule)]).encode(text, pair: pair)
        #expect(encoding.ids == ids)
        let full = (text + " " + (pair ?? "")).split(separator: " ").count
        #expect(encoding.fullLength == full)
        #expect(encoding.wasTruncated == (full > ids.count))
    }

    @Test func truncationCountsSpecialTokens() throws {
        let tokenizer = try tokenizer([bert])
        #expect(try tokenizer.encode("a b a b a", maxTokens: 5).ids == [2, 4, 5, 4, 3])
        #expect(try tokenizer.encode("a b a b a", maxTokens: 2).ids == [2, 3])
        let pair = try tokenizer.encode("a a a", pair: "b", maxTokens: 5)
        #expect(pair.ids == [2, 4, 3, 5, 3])
        #expect(pair.typeIDs == [0, 0, 0, 1, 1])
        #expect(pair.fullLength == 7)
        #expect(try tokenizer.encode("a a a", pair: "b", maxTokens: 3).ids == [2, 3, 3])
        #expect(throws: TokenizerError.limitTooSmall(limit: 1, needed: 2)) { try tokenizer.encode("a", maxTokens: 1) }
        #expect(throws: TokenizerError.limitTooSmall(limit: 2, needed: 3)) {
            try tokenizer.encode("a", pair: "", maxTokens: 2)
        }
    }

    @Test func aLimitTakesThePlaceOfTheFiles() throws {
        let rule: JSON = ["max_length": 3, "strategy": "LongestFirst", "stride": 0, "direction": "Left"]
        let tokenizer = try tokenizer([("truncation", rule)])
        #expect(tokenizer.declaredMaxLength == 3)
        #expect(try tokenizer.encode("a b foo a b").ids == [9, 4, 5])
        #expect(try tokenizer.encode("a b foo a b", maxTokens: 4).ids == [5, 9, 4, 5])
        #expect(try tokenizer.encode("a b foo a b", maxTokens: 100).ids == [4, 5, 9, 4, 5])
    }

    @Test func strategiesThatCannotWorkSaySo() throws {
        for (strategy, pair) in [("OnlySecond", nil), ("OnlySecond", "b b"), ("OnlyFirst", "b b b b b b")] {
            let tokenizer = try tokenizer([
                ("truncation", ["max_length": 4, "strategy": .string(strategy), "stride": 0])
            ])
            #expect(throws: TokenizerError.cannotTruncate(strategy: strategy, limit: 4)) {
                try tokenizer.encode(pair == nil ? "a a a a a" : "a a a a", pair: pair)
            }
        }
    }

    private func added(_ content: String, _ flags: (String, JSON)...) -> JSON {
        .object(JSONObject([("id", 0), ("content", .string(content)), ("normalized", true)] + flags))
    }

    @Test func addedTokensTakeTheVocabularysOrTheNextID() throws {
        let tokenizer = try tokenizer([
            ("added_tokens", [added("foo"), added("bar"), added("baz"), added("bar"), added("")])
        ])
        #expect(try tokenizer.encode("foo bar baz a").ids == [9, 10, 11, 4])
        #expect(tokenizer.vocabularySize == 12)
        #expect(tokenizer.id(of: "baz") == 11)
        #expect(tokenizer.token(of: 11) == "baz")
        #expect(tokenizer.token(of: 12) == nil)
        #expect(tokenizer.token(of: -1) == nil)
    }

    @Test func addedTokensAreFoundAsTheirFlagsSay() throws {
        let given: (String, JSON) = ("normalized", false)
        let normalized = try tokenizer([("added_tokens", [added("ÀB")])])
        #expect(try normalized.encode("ÀB ab xabx").ids == [10, 10, 1, 10, 1])
        let longest = try tokenizer([("added_tokens", [added("x y"), added("x"), added("y z z")])])
        #expect(try longest.encode("x y z z x").ids == [10, 1, 1, 11])
        let single = try tokenizer([("added_tokens", [added("b", ("single_word", true))])])
        #expect(try single.encode("b ab b. bb é\u{301}b b_ b").ids == [5, 6, 5, 1, 5, 8, 1, 5, 1, 5])
        let spaces = try tokenizer([
            (
                "added_tokens",
                [added("Q", ("lstrip", true), given), added("R", ("rstrip", true), given), added(" Z", given)]
            )
        ])
        #expect(try spaces.encode("a  Q Q R  R Z").ids == [4, 10, 10, 11, 11, 12])
    }

    @Test func invalidBytesAreReplacementCharacters() throws {
        let tokenizer = try tokenizer()
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0x20, 0xC3, 0x20, 0xF0, 0x9F, 0x98, 0x61, 0xED, 0xA0, 0x80]
        var encoding = Encoding()
        try bytes.withUnsafeBufferPointer { try tokenizer.encode($0, into: &encoding) }
        // BERT drops U+FFFD.
        #expect(encoding.ids == [6, 4])
    }

    @Test func wordsWithoutAnUnknownTokenAreErrors() throws {
        let tokenizer = try Tokenizer([
            "model": ["type": "WordPiece", "vocab": ["a": 0], "unk_token": "[UNK]"]
        ])
        #expect(try tokenizer.encode("a").ids == [0])
        #expect(throws: TokenizerError.noUnknownToken) { try tokenizer.encode("b") }
        #expect(throws: TokenizerError.unknownID(7)) { try tokenizer.decode([7]) }
    }

    @Test func oneTokenizerServesManyThreads() async throws {
        let tokenizer = try Tokenizer.load(path: Fixture.path("wordpiece-uncased.json"))
        let texts = try Fixture.lines(Fixture.path("wordpiece-uncased.cases.jsonl")).compactMap { $0["text"]?.string }
        let expected = try texts.map { try tokenizer.encode($0).ids }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { try texts.map { try tokenizer.encode($0).ids } == expected } }
            for try await same in group { #expect(same) }
        }
    }

    @Test func oneEncodingServesManyTokenizers() throws {
        let tokenizers = try ["bpe-roberta", "unigram", "wordpiece-cased"].map {
            try Tokenizer.load(path: Fixture.path("\($0).json"))
        }
        var shared = Encoding()
        for text in ["the the film", "the film the", "the the film"] {
            for tokenizer in tokenizers {
                let bytes = Array(text.utf8)
                try bytes.withUnsafeBufferPointer { try tokenizer.encode($0, into: &shared) }
                #expect(try shared.ids == tokenizer.encode(text).ids)
            }
        }
    }

    @Test func theFingerprintIsOfTheBytes() throws {
        let bytes = try Fixture.bytes("probe.json")
        #expect(try Tokenizer(bytes).fingerprint == Tokenizer(bytes, file: "other.json").fingerprint)
        #expect(try Tokenizer(bytes).fingerprint != Tokenizer(bytes + [0x20]).fingerprint)
    }
}
