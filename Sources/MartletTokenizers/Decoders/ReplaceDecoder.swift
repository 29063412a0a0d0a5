/// Replaces each match of a pattern in every token.
struct ReplaceDecoder: TokenDecoder {
    let normalizer: ReplaceNormalizer

    init(_ part: PartReader) throws(TokenizerError) {
        normalizer = try ReplaceNormalizer(part)
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.map {
            var text = $0
            normalizer.normalize(&text)
            return text
        }
    }
}
