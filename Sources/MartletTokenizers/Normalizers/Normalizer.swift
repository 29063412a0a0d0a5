/// Rewrites a text before it is cut into pieces.
protocol Normalizer: Sendable {
    /// Replaces `text`, which is well-formed UTF-8 and stays so.
    func normalize(_ text: inout [UInt8])
}

/// The kinds of normalizer. To add one: a file beside this one, and a line here.
enum NormalizerTable {
    static let kinds: [String: @Sendable (PartReader) throws(TokenizerError) -> any Normalizer] = [
        "BertNormalizer": { part throws(TokenizerError) in try BertNormalizer(part) },
        "ByteLevel": { _ throws(TokenizerError) in ByteLevelNormalizer() },
        "Lowercase": { _ throws(TokenizerError) in LowercaseNormalizer() },
        "NFC": { _ throws(TokenizerError) in NormalFormNormalizer(form: .nfc) },
        "NFD": { _ throws(TokenizerError) in NormalFormNormalizer(form: .nfd) },
        "NFKC": { _ throws(TokenizerError) in NormalFormNormalizer(form: .nfkc) },
        "NFKD": { _ throws(TokenizerError) in NormalFormNormalizer(form: .nfkd) },
        "Nmt": { _ throws(TokenizerError) in NmtNormalizer() },
        "Precompiled": { part throws(TokenizerError) in try PrecompiledNormalizer(part) },
        "Prepend": { part throws(TokenizerError) in try PrependNormalizer(part) },
        "Replace": { part throws(TokenizerError) in try ReplaceNormalizer(part) },
        "Sequence": { part throws(TokenizerError) in try SequenceNormalizer(part) },
        "Strip": { part throws(TokenizerError) in try StripNormalizer(part) },
        "StripAccents": { _ throws(TokenizerError) in StripAccentsNormalizer() },
    ]

    static func make(_ part: PartReader) throws(TokenizerError) -> any Normalizer {
        let kind = try part.kind()
        guard let make = kinds[kind] else { throw part.unknownKind(kind, supported: kinds.keys) }
        return try make(part)
    }
}

/// One normalizer after the other.
struct SequenceNormalizer: Normalizer {
    let steps: [any Normalizer]

    /// The reader's depth limit bounds the nesting.
    init(_ part: PartReader) throws(TokenizerError) {
        var steps: [any Normalizer] = []
        for step in try part.parts("normalizers") { steps.append(try NormalizerTable.make(step)) }
        self.steps = steps
    }

    func normalize(_ text: inout [UInt8]) {
        for step in steps { step.normalize(&text) }
    }
}

extension Normalizer {
    /// Replaces `text` scalar by scalar; `body` appends what a scalar becomes.
    func mapScalars(_ text: inout [UInt8], _ body: (UInt32, inout [UInt8]) -> Void) {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 8)
        for scalar in UTF8Text.scalars(text) { body(scalar, &output) }
        text = output
    }
}
