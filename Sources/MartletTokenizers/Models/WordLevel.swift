/// Every piece is one token, or the unknown one.
struct WordLevel: TokenModel {
    let vocabulary: Vocabulary
    let unknown: Int32?

    init(source: ModelSource) throws(TokenizerError) {
        vocabulary = try source.tokenMap()
        unknown = vocabulary.id(try source.options.optionalString("unk_token") ?? "<unk>")
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError) {
        let id = vocabulary.id(piece)
        if id >= 0 {
            ids.append(id)
        } else if let unknown {
            ids.append(unknown)
        } else {
            throw .noUnknownToken
        }
    }
}
