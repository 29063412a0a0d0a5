/// Cuts at the matches of a pattern.
struct SplitPreTokenizer: PreTokenizer {
    let pattern: TextPattern
    let behavior: SplitBehavior
    let isInverted: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        pattern = try TextPattern(part.requiredPart("pattern"))
        behavior = try SplitBehavior(part)
        isInverted = try part.bool("invert", default: false)
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        behavior.apply(
            pattern.matches(in: piece), inverted: isInverted, to: piece, isAtStart: isAtStart, into: &output)
    }
}
