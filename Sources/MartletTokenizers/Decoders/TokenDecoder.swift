import MartletSupport

/// Turns tokens back into text, step by step: the last step's strings are joined.
protocol TokenDecoder: Sendable {
    func decode(_ tokens: [[UInt8]]) -> [[UInt8]]
}

/// The kinds of decoder. To add one: a type here or a file beside this one, and a line here.
enum TokenDecoderTable {
    static let kinds: [String: @Sendable (PartReader) throws(TokenizerError) -> any TokenDecoder] = [
        "BPEDecoder": { part throws(TokenizerError) in try SuffixDecoder(part) },
        "ByteFallback": { _ throws(TokenizerError) in ByteFallbackDecoder() },
        "ByteLevel": { _ throws(TokenizerError) in ByteLevelDecoder() },
        "CTC": { part throws(TokenizerError) in try CTCDecoder(part) },
        "Fuse": { _ throws(TokenizerError) in FuseDecoder() },
        "Metaspace": { part throws(TokenizerError) in try MetaspaceDecoder(part) },
        "Replace": { part throws(TokenizerError) in try ReplaceDecoder(part) },
        "Sequence": { part throws(TokenizerError) in try SequenceDecoder(part) },
        "Strip": { part throws(TokenizerError) in try StripDecoder(part) },
        "WordPiece": { part throws(TokenizerError) in try WordPieceDecoder(part) },
    ]

    static func make(_ part: PartReader) throws(TokenizerError) -> any TokenDecoder {
        let kind = try part.kind()
        guard let make = kinds[kind] else { throw part.unknownKind(kind, supported: kinds.keys) }
        return try make(part)
    }
}

/// One decoder after the other.
struct SequenceDecoder: TokenDecoder {
    let steps: [any TokenDecoder]

    init(_ part: PartReader) throws(TokenizerError) {
        var steps: [any TokenDecoder] = []
        for step in try part.parts("decoders") { steps.append(try TokenDecoderTable.make(step)) }
        self.steps = steps
    }

    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        steps.reduce(tokens) { $1.decode($0) }
    }
}

/// Joins all tokens into one.
struct FuseDecoder: TokenDecoder {
    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] { [Array(tokens.joined())] }
}
