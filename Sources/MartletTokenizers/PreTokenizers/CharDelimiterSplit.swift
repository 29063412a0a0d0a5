/// Cuts at one character, which goes.
struct CharDelimiterSplit: PreTokenizer {
    private let pattern: TextPattern

    init(_ part: PartReader) throws(TokenizerError) {
        let delimiter = try part.string("delimiter")
        guard delimiter.unicodeScalars.count == 1 else { throw part.invalid("delimiter", "should be one character") }
        pattern = .string(Array(delimiter.utf8))
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        SplitBehavior.removed.apply(pattern.matches(in: piece), to: piece, isAtStart: isAtStart, into: &output)
    }
}
