import MartletTokenizers
import Testing

@Suite struct LongWordTests {
    /// A word of 100 kB without a space: each symbol is merged at most once, and a merge brings up at most two candidates.
    @Test(arguments: ["bpe-roberta", "bpe-three-digits", "bpe-sentencepiece"])
    func mergingTakesStepsInProportion(name: String) throws {
        let tokenizer = try Tokenizer.load(path: Fixture.path("\(name).json"))
        for part in ["a", "the", "unhelpful", "é", "中", "xqzj"] {
            let word = String(repeating: part, count: 100_000 / part.utf8.count)
            let steps = try #require(try tokenizer.mergeSteps(of: word))
            #expect(steps <= 3 * word.utf8.count, "\(part)")
        }
    }

    /// Repeated words are repeated tokens, apart from the ends.
    @Test(arguments: ["bpe-roberta", "bpe-sentencepiece", "unigram", "wordpiece-cased", "wordlevel"])
    func longWordsEncode(name: String) throws {
        let tokenizer = try Tokenizer.load(path: Fixture.path("\(name).json"))
        let short = try tokenizer.encode(String(repeating: "unhelpful", count: 500), maxTokens: .max).ids.count
        let long = try tokenizer.encode(String(repeating: "unhelpful", count: 5000), maxTokens: .max).ids.count
        #expect(long <= 10 * short)
        #expect(long == short || long >= 9 * short)
    }
}
