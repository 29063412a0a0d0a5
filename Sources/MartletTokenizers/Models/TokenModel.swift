/// Turns one piece of normalized text into token ids.
protocol TokenModel: Sendable {
    var vocabulary: Vocabulary { get }
    /// Whether a piece's ids cost more than looking them up in a cache.
    var isWorthCaching: Bool { get }
    /// Appends the ids of `piece`, which is not empty and well-formed UTF-8.
    func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError)
}

extension TokenModel {
    var isWorthCaching: Bool { false }
}

/// The kinds of model. To add one: a file beside this one, and a line here.
enum TokenModelTable {
    static let kinds: [String: @Sendable (ModelSource) throws(TokenizerError) -> any TokenModel] = [
        "WordPiece": WordPiece.init(source:),
        "BPE": BytePairEncoding.init(source:),
        "Unigram": Unigram.init(source:),
        "WordLevel": WordLevel.init(source:),
    ]

    static func make(_ source: ModelSource) throws(TokenizerError) -> any TokenModel {
        let kind = try kind(of: source)
        guard let make = kinds[kind] else {
            throw source.options.unknownKind(kind, supported: kinds.keys)
        }
        return try make(source)
    }

    /// Old files do not name the kind: it shows in the members, tried in the reference's order.
    private static func kind(of source: ModelSource) throws(TokenizerError) -> String {
        let options = source.options
        if options.json["type"] != nil { return try options.kind() }
        if source.merges != nil || source.lists?.merges.isEmpty == false { return "BPE" }
        if options.json["continuing_subword_prefix"] != nil { return "WordPiece" }
        if options.json["unk_id"] != nil { return "Unigram" }
        if options.json["unk_token"] != nil { return "WordLevel" }
        return try options.kind()
    }
}
