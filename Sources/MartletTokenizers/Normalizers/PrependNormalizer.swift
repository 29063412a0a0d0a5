/// Puts a string before every text that is not empty.
struct PrependNormalizer: Normalizer {
    let prefix: [UInt8]

    init(_ part: PartReader) throws(TokenizerError) {
        prefix = Array(try part.string("prepend").utf8)
    }

    func normalize(_ text: inout [UInt8]) {
        if !text.isEmpty { text.insert(contentsOf: prefix, at: 0) }
    }
}
