/// Replaces each match of a pattern by a string, from the left.
struct ReplaceNormalizer: Normalizer {
    let pattern: TextPattern
    let content: [UInt8]

    init(_ part: PartReader) throws(TokenizerError) {
        pattern = try TextPattern(part.requiredPart("pattern"))
        content = Array(try part.string("content").utf8)
    }

    func normalize(_ text: inout [UInt8]) {
        let matches = text.withUnsafeBufferPointer(pattern.matches)
        guard !matches.isEmpty else { return }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var last = 0
        for match in matches {
            output.append(contentsOf: text[last..<match.lowerBound])
            output.append(contentsOf: content)
            last = match.upperBound
        }
        output.append(contentsOf: text[last...])
        text = output
    }
}
