/// Puts special tokens around the texts and numbers the types. All kinds come down to these two templates.
struct PostProcessor: Sendable {
    enum Part: Equatable, Sendable {
        case special([Int32], type: Int32)
        case first(type: Int32)
        case second(type: Int32)

        func typed(_ type: Int32) -> Part {
            switch self {
            case .special(let ids, _): .special(ids, type: type)
            case .first: .first(type: type)
            case .second: .second(type: type)
            }
        }
    }
    /// For one text.
    let single: [Part]
    /// For two texts.
    let pair: [Part]

    /// What one kind does to the encodings that it is handed, each of them a run of parts.
    typealias Step = @Sendable ([[Part]]) -> [[Part]]?

    /// No special tokens; the second text has type 1.
    static let plain = PostProcessor(single: [.first(type: 0)], pair: [.first(type: 0), .second(type: 1)])

    private init(single: [Part], pair: [Part]) {
        self.single = single
        self.pair = pair
    }

    /// Nil if `step` cannot work on what it is handed.
    init?(_ step: Step) {
        guard let single = step([Self.plain.single]), let pair = step(Self.plain.pair.map { [$0] }) else { return nil }
        self.single = Array(single.joined())
        self.pair = Array(pair.joined())
    }

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
    static let kinds: [String: @Sendable (PartReader) throws(TokenizerError) -> PostProcessor.Step] = [
        "BertProcessing": PostProcessor.bert,
        // It moves offsets, which we do not give.
        "ByteLevel": { _ throws(TokenizerError) in { $0 } },
        "RobertaProcessing": PostProcessor.roberta,
        "Sequence": PostProcessor.sequence,
        "TemplateProcessing": PostProcessor.template,
    ]

    static func make(_ part: PartReader) throws(TokenizerError) -> PostProcessor {
        guard let processor = PostProcessor(try step(part)) else {
            throw part.invalid(nil, "has a template after a step that leaves more than two parts")
        }
        return processor
    }

    static func step(_ part: PartReader) throws(TokenizerError) -> PostProcessor.Step {
        let kind = try part.kind()
        guard let make = kinds[kind] else { throw part.unknownKind(kind, supported: kinds.keys) }
        return try make(part)
    }
}

extension PostProcessor {
    /// Steps one after the other.
    static func sequence(_ part: PartReader) throws(TokenizerError) -> Step {
        var steps: [Step] = []
        for step in try part.parts("processors") { steps.append(try PostProcessorTable.step(step)) }
        return { [steps] encodings in
            var encodings = encodings
            for step in steps {
                guard let next = step(encodings) else { return nil }
                encodings = next
            }
            return encodings
        }
    }
}
