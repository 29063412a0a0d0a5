/// Turns `▁` back into spaces, without the one that was put before the text.
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
            let isFirst = index == 0 && dropsFirst && token.starts(with: replacement.utf8)
            return replacing(
                replacement, by: " ", in: isFirst ? Array(token.dropFirst(replacement.utf8.count)) : token)
        }
    }
}
