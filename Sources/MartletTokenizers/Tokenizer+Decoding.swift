extension Tokenizer {
    /// The text of token ids. Special tokens are left out unless `keepsSpecialTokens`.
    package func decode(_ ids: [Int32], keepsSpecialTokens: Bool = false) throws(TokenizerError) -> String {
        let added = Dictionary(addedTokens.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var tokens: [[UInt8]] = []
        for id in ids {
            if let token = added[id] {
                if !token.isSpecial || keepsSpecialTokens { tokens.append(token.content) }
            } else if let token = model.vocabulary.token(id) {
                tokens.append(token)
            } else {
                throw .unknownID(id)
            }
        }
        let parts = decoder?.decode(tokens) ?? [Array(tokens.joined(separator: [UInt8(ascii: " ")]))]
        return String(decoding: parts.joined(), as: UTF8.self)
    }
}
