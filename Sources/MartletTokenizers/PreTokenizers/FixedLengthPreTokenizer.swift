/// Cuts after every so many scalars.
struct FixedLengthPreTokenizer: PreTokenizer {
    let length: Int

    init(_ part: PartReader) throws(TokenizerError) {
        length = try part.optionalCount("length") ?? 5
        guard length > 0 else { throw part.invalid("length", "should be at least 1") }
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        var start = 0
        var end = 0
        var count = 0
        while end < piece.count {
            end += UTF8Text.length(first: piece[end])
            count += 1
            if count == length || end == piece.count {
                output.append(
                    UnsafeBufferPointer(rebasing: piece[start..<end]), isAtStart: isAtStart && start == 0)
                (start, count) = (end, 0)
            }
        }
    }
}
