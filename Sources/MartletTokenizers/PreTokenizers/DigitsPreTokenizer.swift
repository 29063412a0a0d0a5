/// Cuts numbers from the rest, whole or digit by digit.
struct DigitsPreTokenizer: PreTokenizer {
    private let pattern = TextPattern.scalars(.numeric, isRun: false)
    let isIndividual: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        isIndividual = try part.bool("individual_digits", default: false)
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        let behavior = isIndividual ? SplitBehavior.isolated : .contiguous
        behavior.apply(pattern.matches(in: piece), to: piece, isAtStart: isAtStart, into: &output)
    }
}
