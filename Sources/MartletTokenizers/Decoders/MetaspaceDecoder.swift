/// Turns `▁` back into spaces, without the one that was put before the text. As in the reference, the first token loses all.
struct MetaspaceDecoder: TokenDecoder {
    let replacement: String
    let dropsFirst: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        let splitter = try MetaspacePreTokenizer(part)
        replacement = String(decoding: splitter.replacement, as: UTF8.self)
        dropsFirst = splitter.prepending != .never
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.enumerated().map { index, token in
            replacing(replacement, by: index == 0 && dropsFirst ? "" : " ", in: token)
        }
    }
}
