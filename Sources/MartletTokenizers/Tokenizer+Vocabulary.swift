extension Tokenizer {
    /// One more than the largest id: rows that an embedding table needs.
    package var vocabularySize: Int {
        Int(addedTokens.reduce(model.vocabulary.maximumID) { max($0, $1.id) }) + 1
    }

    /// The id of a token as it stands in the vocabulary (`##ing`, `Ġthe`), or of an added token.
    package func id(of token: String) -> Int32? {
        let bytes = Array(token.utf8)
        return addedTokens.first { $0.content == bytes }?.id ?? model.vocabulary.id(token)
    }

    /// The token of an id, as it stands in the vocabulary.
    package func token(of id: Int32) -> String? {
        let bytes = addedTokens.first { $0.id == id }?.content ?? model.vocabulary.token(id)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Special tokens (`[CLS]`, `</s>`) and their ids, in the file's order.
    package var specialTokens: [(token: String, id: Int32)] {
        addedTokens.filter(\.isSpecial).map { (String(decoding: $0.content, as: UTF8.self), $0.id) }
    }

    /// How many candidates byte-pair encoding takes up to merge `piece`; nil for other models.
    package func mergeSteps(of piece: String) throws(TokenizerError) -> Int? {
        guard let model = model as? BytePairEncoding else { return nil }
        return try Array(piece.utf8).withUnsafeBufferPointer { piece in
            Result { () throws(TokenizerError) in try model.mergeSteps(piece) }
        }.get()
    }

    /// The id of `[PAD]` or `<pad>`.
    package var padID: Int32? { id(of: "[PAD]") ?? id(of: "<pad>") }

    /// The limit of the file's own truncation, if it has one; special tokens included.
    package var declaredMaxLength: Int? { truncation?.limit }

    /// Special tokens that every encoding of one text, or of a pair, has.
    package func specialTokenCount(isPair: Bool = false) -> Int {
        PostProcessor.specialCount(postProcessor.parts(isPair: isPair))
    }
}
