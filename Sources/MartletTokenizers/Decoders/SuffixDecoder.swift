/// Turns the mark at the end of a word (`</w>`) into a space, but for the last word.
struct SuffixDecoder: TokenDecoder {
    let suffix: String

    init(_ part: PartReader) throws(TokenizerError) {
        suffix = try part.optionalString("suffix") ?? "</w>"
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.enumerated().map { index, token in
            replacing(suffix, by: index == tokens.count - 1 ? "" : " ", in: token)
        }
    }
}
