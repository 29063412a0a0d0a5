import MartletSupport
import MartletTokenizers
import Testing

@Suite struct ModelListsTests {
    /// Takes the lists of a fixture out of its JSON: the same tokenizer by another way.
    @Test(arguments: ["bpe-three-digits", "bpe-sentencepiece", "unigram", "wordlevel", "wordpiece-uncased"])
    func listsInMemoryEncodeAsTheFile(name: String) throws {
        let file = try Tokenizer.load(path: Fixture.path("\(name).json"))
        var parts = try #require(try JSON.parse(Fixture.bytes("\(name).json")).object)
        var model = try #require(parts["model"]?.object)
        var lists = ModelLists(tokens: [])
        if let entries = model["vocab"]?.array {
            lists.tokens = entries.map { Array(($0.array?[0].string ?? "").utf8) }
            lists.scores = entries.map { $0.array?[1].double ?? 0 }
        } else {
            let members = try #require(model["vocab"]?.object).members
            lists.tokens = members.sorted { ($0.1.int ?? 0) < ($1.1.int ?? 0) }.map { Array($0.0.utf8) }
        }
        lists.merges = try (model["merges"]?.array ?? []).map {
            if let text = $0.string { return try #require(ModelLists.Merge(text: text.utf8)) }
            return ModelLists.Merge(
                left: Array(($0.array?[0].string ?? "").utf8), right: Array(($0.array?[1].string ?? "").utf8))
        }
        model["vocab"] = .null
        model["merges"] = .null
        parts["model"] = .object(model)
        let memory = try Tokenizer(lists: lists, parts: .object(parts), file: "memory", fingerprint: 1)
        for reference in try Fixture.lines(Fixture.path("\(name).cases.jsonl")).compactMap(ReferenceCase.init) {
            #expect(try memory.encode(reference.text).ids == file.encode(reference.text).ids)
            #expect(try memory.decode(reference.ids) == file.decode(reference.ids))
        }
    }

    @Test func listsThatDoNotFitAreRefused() {
        let tokens = ["a", "b"].map { Array($0.utf8) }
        let merge = ModelLists.Merge(left: tokens[0], right: tokens[1])
        #expect(throws: TokenizerError.self) {
            try Tokenizer(
                lists: ModelLists(tokens: tokens, merges: [merge]), parts: ["model": ["type": "BPE"]], file: "m",
                fingerprint: 0)
        }
        #expect(throws: TokenizerError.self) {
            try Tokenizer(
                lists: ModelLists(tokens: tokens, scores: [1]), parts: ["model": ["type": "Unigram"]], file: "m",
                fingerprint: 0)
        }
    }

    /// The order that the conversion of SentencePiece models for the `tokenizers` package gives: by score, then by ids.
    @Test func scoresStandForMerges() {
        let tokens = ["a", "b", "ab", "abb", "bb", "é", "aé"].map { Array($0.utf8) }
        let merges = ModelLists.merges(tokens: tokens, scores: [0, 0, -1, -3, -2, 0, -1])
        let pairs = merges.map {
            String(decoding: $0.left, as: UTF8.self) + " " + String(decoding: $0.right, as: UTF8.self)
        }
        #expect(pairs == ["a b", "a é", "b b", "a bb", "ab b"])
    }
}
