/// Cuts at white space, which goes.
struct WhitespaceSplit: PreTokenizer {
    private let pattern = TextPattern.scalars(.whitespace, isRun: false)

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        SplitBehavior.removed.apply(pattern.matches(in: piece), to: piece, isAtStart: isAtStart, into: &output)
    }
}
