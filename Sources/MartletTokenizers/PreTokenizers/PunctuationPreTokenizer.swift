/// Cuts at punctuation marks.
struct PunctuationPreTokenizer: PreTokenizer {
    private let pattern = TextPattern.scalars(.punctuation, isRun: false)
    let behavior: SplitBehavior

    init(_ part: PartReader) throws(TokenizerError) {
        behavior = try SplitBehavior(part, default: .isolated)
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        behavior.apply(pattern.matches(in: piece), to: piece, isAtStart: isAtStart, into: &output)
    }
}
