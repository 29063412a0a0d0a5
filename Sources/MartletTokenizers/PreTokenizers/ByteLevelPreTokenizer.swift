/// Writes each byte as a printable character, after cutting the text into words as GPT-2 does.
struct ByteLevelPreTokenizer: PreTokenizer {
    let addsPrefixSpace: Bool
    let cutsWords: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        addsPrefixSpace = try part.bool("add_prefix_space", default: true)
        cutsWords = try part.bool("use_regex", default: true)
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        guard addsPrefixSpace, let first = piece.first, first != UInt8(ascii: " ") else {
            return cut(piece, isAtStart: isAtStart, into: &output)
        }
        ([UInt8(ascii: " ")] + piece).withUnsafeBufferPointer { cut($0, isAtStart: isAtStart, into: &output) }
    }

    private func cut(_ text: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        guard let base = text.baseAddress else { return }
        var start = 0
        while start < text.count {
            let end =
                cutsWords ? max(start + 1, WordPattern.gpt2.end(of: base, from: start, count: text.count)) : text.count
            let first = output.bytes.count
            for byte in text[start..<end] {
                UTF8Text.append(UInt32(ByteAlphabet.scalars[Int(byte)]), to: &output.bytes)
            }
            output.pieces.append(
                PieceList.Piece(range: first..<output.bytes.count, isAtStart: isAtStart && start == 0))
            start = end
        }
    }
}
