import MartletSupport
import MartletTokenizers
import Testing

/// Tokenizers of every kind, trained on the reviews by `scripts/reference/trained_tokenizers.py`: ids and decoded texts of all
/// reviews and of hostile strings, and decoded random ids. They run where that script has run.
@Suite(.enabled(if: Fixture.hasData("reference/tokenizers/texts.jsonl"))) struct TrainedTokenizerTests {
    static let names = [
        "bert", "gpt2", "roberta", "llama3", "qwen2", "whisper", "clip", "gpt-words", "cl100k", "o200k", "bloom",
        "falcon", "starcoder", "deepseek", "llama2", "gemma", "mistral", "t5", "xlm-roberta", "albert", "deberta",
        "wordlevel", "wav2vec2",
    ]

    @Test(arguments: names)
    func encodesAndDecodesAsTheReference(name: String) throws {
        let folder = try #require(Fixture.data) + "/reference/tokenizers"
        let tokenizer = try Tokenizer.load(path: "\(folder)/\(name).json")
        let texts = try Fixture.lines("\(folder)/texts.jsonl").compactMap(\.string)
        let outcomes = try Fixture.lines("\(folder)/\(name).ids.jsonl")
        #expect(texts.count == 25_703)
        #expect(outcomes.count == texts.count)
        var encoding = Encoding()
        var wrongIDs = 0
        var wrongTexts = 0
        for (text, outcome) in zip(texts, outcomes) {
            try Array(text.utf8).withUnsafeBufferPointer {
                try tokenizer.encode($0, maxTokens: .max, into: &encoding)
            }
            if encoding.ids != ids(outcome) { wrongIDs += 1 }
            if try !decodes(tokenizer, outcome) { wrongTexts += 1 }
        }
        let sequences = try Fixture.lines("\(folder)/\(name).decode.jsonl")
        #expect(sequences.count == 2000)
        for outcome in sequences where try !decodes(tokenizer, outcome) { wrongTexts += 1 }
        #expect(wrongIDs == 0)
        #expect(wrongTexts == 0)
    }

    private func ids(_ outcome: JSON) -> [Int32] {
        (outcome["ids"]?.array ?? []).compactMap { $0.int.map(Int32.init) }
    }

    private func decodes(_ tokenizer: Tokenizer, _ outcome: JSON) throws -> Bool {
        let ids = ids(outcome)
        let decoded = outcome["decoded"]?.string
        let kept = outcome["kept"]?.string ?? decoded
        return try Array(tokenizer.decode(ids).utf8) == decoded.map { Array($0.utf8) }
            && Array(tokenizer.decode(ids, keepsSpecialTokens: true).utf8) == kept.map { Array($0.utf8) }
    }
}
