/// Puts special tokens around the texts and numbers the types. All kinds come down to these two templates.
struct PostProcessor: Sendable {
    enum Part: Equatable, Sendable {
        case special([Int32], type: Int32)
        case first(type: Int32)
        case second(type: Int32)
    }
    /// For one text.
    let single: [Part]
    /// For two texts.
    let pair: [Part]

    /// No special tokens; the second text has type 1.
    static let plain = PostProcessor(single: [.first(type: 0)], pair: [.first(type: 0), .second(type: 1)])

    func parts(isPair: Bool) -> [Part] { isPair ? pair : single }

    /// Special tokens that are added to one text, or to a pair.
    static func specialCount(_ parts: [Part]) -> Int {
        parts.reduce(0) {
            if case .special(let ids, _) = $1 { $0 + ids.count } else { $0 }
        }
    }
}

/// The kinds of post-processor. To add one: a file beside this one, and a line here.
enum PostProcessorTable {
    static let kinds: [String: @Sendable (PartReader) throws(TokenizerError) -> PostProcessor] = [
        "BertProcessing": PostProcessor.bert,
        "ByteLevel": { _ throws(TokenizerError) in .plain },
        "RobertaProcessing": PostProcessor.roberta,
        "Sequence": PostProcessor.sequence,
        "TemplateProcessing": PostProcessor.template,
    ]

    static func make(_ part: PartReader) throws(TokenizerError) -> PostProcessor {
        let kind = try part.kind()
        guard let make = kinds[kind] else { throw part.unknownKind(kind, supported: kinds.keys) }
        return try make(part)
    }
}

extension PostProcessor {
    /// Steps one after the other, of which only one may add anything.
    static func sequence(_ part: PartReader) throws(TokenizerError) -> PostProcessor {
        var found: PostProcessor?
        for step in try part.parts("processors") where try step.kind() != "ByteLevel" {
            guard found == nil else {
                throw part.invalid("processors", "has more than one step that adds tokens, which is not supported")
            }
            found = try PostProcessorTable.make(step)
        }
        return found ?? .plain
    }
}
