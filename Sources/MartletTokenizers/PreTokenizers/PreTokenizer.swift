/// Cuts a normalized text into the pieces that the model sees one by one.
protocol PreTokenizer: Sendable {
    /// Appends the pieces of `piece` to `output`; may rewrite the text.
    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList)
}

/// The kinds of pre-tokenizer. To add one: a file beside this one, and a line here.
enum PreTokenizerTable {
    static let kinds: [String: @Sendable (PartReader) throws(TokenizerError) -> any PreTokenizer] = [
        "BertPreTokenizer": { _ throws(TokenizerError) in BertPreTokenizer() },
        "ByteLevel": { part throws(TokenizerError) in try ByteLevelPreTokenizer(part) },
        "CharDelimiterSplit": { part throws(TokenizerError) in try CharDelimiterSplit(part) },
        "Digits": { part throws(TokenizerError) in try DigitsPreTokenizer(part) },
        "FixedLength": { part throws(TokenizerError) in try FixedLengthPreTokenizer(part) },
        "Metaspace": { part throws(TokenizerError) in try MetaspacePreTokenizer(part) },
        "Punctuation": { part throws(TokenizerError) in try PunctuationPreTokenizer(part) },
        "Sequence": { part throws(TokenizerError) in try SequencePreTokenizer(part) },
        "Split": { part throws(TokenizerError) in try SplitPreTokenizer(part) },
        "UnicodeScripts": { _ throws(TokenizerError) in UnicodeScriptsPreTokenizer() },
        "Whitespace": { _ throws(TokenizerError) in WhitespacePreTokenizer() },
        "WhitespaceSplit": { _ throws(TokenizerError) in WhitespaceSplit() },
    ]

    static func make(_ part: PartReader) throws(TokenizerError) -> any PreTokenizer {
        let kind = try part.kind()
        guard let make = kinds[kind] else { throw part.unknownKind(kind, supported: kinds.keys) }
        return try make(part)
    }
}

/// One pre-tokenizer after the other, each on the pieces of the one before.
struct SequencePreTokenizer: PreTokenizer {
    let steps: [any PreTokenizer]

    /// The reader's depth limit bounds the nesting.
    init(_ part: PartReader) throws(TokenizerError) {
        var steps: [any PreTokenizer] = []
        for step in try part.parts("pretokenizers") { steps.append(try PreTokenizerTable.make(step)) }
        self.steps = steps
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        var current = PieceList()
        current.append(piece, isAtStart: isAtStart)
        for step in steps {
            var next = PieceList()
            current.bytes.withUnsafeBufferPointer { bytes in
                for piece in current.pieces {
                    step.split(
                        UnsafeBufferPointer(rebasing: bytes[piece.range]), isAtStart: piece.isAtStart, into: &next)
                }
            }
            current = next
        }
        current.bytes.withUnsafeBufferPointer { bytes in
            for piece in current.pieces {
                output.append(UnsafeBufferPointer(rebasing: bytes[piece.range]), isAtStart: piece.isAtStart)
            }
        }
    }
}
