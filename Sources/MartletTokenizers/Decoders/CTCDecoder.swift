/// Connectionist temporal classification: a token repeated in a row counts once, the padding token goes, and the mark between
/// words becomes a space.
struct CTCDecoder: TokenDecoder {
    let padding: String
    let wordDelimiter: String
    let cleansUp: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        padding = try part.optionalString("pad_token") ?? "<pad>"
        wordDelimiter = try part.optionalString("word_delimiter_token") ?? "|"
        cleansUp = try part.bool("cleanup", default: true)
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var output: [[UInt8]] = []
        for (index, token) in tokens.enumerated() where index == 0 || token != tokens[index - 1] {
            var text = replacing(padding, by: "", in: token)
            if cleansUp { text = replacing(wordDelimiter, by: " ", in: WordPieceDecoder.cleanUp(text)) }
            if !text.isEmpty { output.append(text) }
        }
        return output
    }
}
