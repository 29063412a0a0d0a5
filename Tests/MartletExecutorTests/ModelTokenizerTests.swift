import MartletExecutor
import MartletModels
import MartletSupport
import MartletTokenizers
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Tokenizers of models' own files.
struct ModelTokenizerTests {
    private static let data = getenv("MARTLET_DATA").map { String(cString: $0) }

    /// All prompts, and 2,000 hostile strings: ids of scripts/reference/smollm2.py.
    @Test(.enabled(if: data != nil))
    func smolLMGivesTheIDsOfItsReference() throws {
        let data = try #require(Self.data)
        let model = try ModelFormats.load("\(data)/models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
        let tokenizer = try Tokenizer(try #require(model.vocabulary), key: "")
        let file = try MappedFile(path: "\(data)/reference/smollm2-tokens.jsonl")
        var count = 0
        for line in file.bytes.split(separator: UInt8(ascii: "\n")) {
            let json = try JSON.parse(UnsafeRawBufferPointer(rebasing: line))
            let text = try #require(json["text"]?.string)
            let expected = (json["ids"]?.array ?? []).compactMap { $0.int.map(Int32.init) }
            let found = try tokenizer.encode(text).ids
            if found != expected { Issue.record("\(text.debugDescription): \(found), expected \(expected)") }
            count += 1
        }
        #expect(count > 4000)
    }

    /// The vocabulary of the tiny model: `<s>`, then a space before the text, pieces by score, unknown letters by bytes.
    @Test func sentencePieceKindMergesByScores() throws {
        let folder = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex))
        let model = try ModelFormats.load("\(folder)/../MartletModelsTests/Fixtures/llama.gguf")
        let tokenizer = try Tokenizer(try #require(model.vocabulary), key: "")
        // `ab` (30) comes before `▁a` (31), `▁ab` (32) before `abc` (33).
        #expect(try tokenizer.encode("abcd").ids == [1, 32, 34])
        #expect(try tokenizer.encode("b a").ids == [1, 29, 4, 31])
        #expect(try tokenizer.encode("\u{1}").ids == [1, 29, 36])
        #expect(try tokenizer.decode([1, 32, 34]) == "abcd")
    }
}
