extension Tokenizer {
    /// The text that each token adds after another one, by id; empty where there is no token. Bytes that are no text by
    /// themselves become U+FFFD. O(size of the vocabulary).
    package func pieces() -> [String] {
        let added = Dictionary(addedTokens.map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
        return (0..<Int32(clamping: vocabularySize)).map { id in
            if let content = added[id] { return String(decoding: content, as: UTF8.self) }
            guard let token = model.vocabulary.token(id) else { return "" }
            // What comes first may lose a space.
            func text(_ tokens: [[UInt8]]) -> [UInt8] { Array((decoder?.decode(tokens) ?? tokens).joined()) }
            let (once, twice) = (text([token]), text([token, token]))
            let bytes = twice.starts(with: once) ? Array(twice[once.count...]) : once
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
