/// Drops up to so many of one character at the ends of every token.
struct StripDecoder: TokenDecoder {
    let content: [UInt8]
    let start: Int
    let stop: Int

    init(_ part: PartReader) throws(TokenizerError) {
        content = Array(try part.string("content").utf8)
        guard !content.isEmpty else { throw part.invalid("content", "is empty") }
        start = try part.optionalCount("start") ?? 0
        stop = try part.optionalCount("stop") ?? 0
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        tokens.map { token in
            var text = token[...]
            var left = start
            while left > 0, text.starts(with: content) {
                text.removeFirst(content.count)
                left -= 1
            }
            var right = stop
            while right > 0, text.count >= content.count, text.suffix(content.count).elementsEqual(content) {
                text.removeLast(content.count)
                right -= 1
            }
            return Array(text)
        }
    }
}
