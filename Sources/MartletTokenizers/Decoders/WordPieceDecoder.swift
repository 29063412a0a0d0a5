/// Joins `##` parts to the word before them, words by spaces.
struct WordPieceDecoder: TokenDecoder {
    let prefix: [UInt8]
    let cleansUp: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        prefix = Array((try part.optionalString("prefix") ?? "##").utf8)
        cleansUp = try part.bool("cleanup", default: true)
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.enumerated().map { index, token in
            var text = token
            if index > 0 {
                if token.starts(with: prefix) {
                    text.removeFirst(prefix.count)
                } else {
                    text.insert(UInt8(ascii: " "), at: 0)
                }
            }
            return cleansUp ? Self.cleanUp(text) : text
        }
    }

    /// Takes out the spaces that tokenizing English puts before punctuation.
    static func cleanUp(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for (wanted, replacement) in [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ] {
            text = replacing(wanted, by: replacement, in: text)
        }
        return text
    }
}

/// `text` with each match of `wanted`, from the left, replaced.
func replacing(_ wanted: String, by replacement: String, in text: [UInt8]) -> [UInt8] {
    let matches = text.withUnsafeBufferPointer(TextPattern.string(Array(wanted.utf8)).matches)
    guard !matches.isEmpty else { return text }
    var output: [UInt8] = []
    var last = 0
    for match in matches {
        output.append(contentsOf: text[last..<match.lowerBound])
        output.append(contentsOf: replacement.utf8)
        last = match.upperBound
    }
    return output + text[last...]
}
