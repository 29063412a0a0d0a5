import MartletModels
import MartletTokenizers

extension Tokenizer {
    /// A tokenizer of a model's own file. `key` tells the contents of files apart.
    package init(_ vocabulary: TokenVocabulary, key: String) throws(TokenizerError) {
        var merges = vocabulary.merges.compactMap { ModelLists.Merge(text: $0) }
        if vocabulary.merges.isEmpty {
            merges = ModelLists.merges(tokens: vocabulary.tokens, scores: vocabulary.scores)
        }
        var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01B3 }
        try self.init(
            lists: ModelLists(tokens: vocabulary.tokens, scores: vocabulary.scores, merges: merges),
            parts: vocabulary.parts, file: vocabulary.file, fingerprint: fingerprint)
    }
}
