/// Cuts at white space, which goes, and around every punctuation mark.
struct BertPreTokenizer: PreTokenizer {
    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        guard let base = piece.baseAddress else { return }
        let tables = ScalarTables.shared
        var wordStart = 0
        var index = 0
        func flush(upTo end: Int, into output: inout PieceList) {
            output.append(
                UnsafeBufferPointer(rebasing: piece[wordStart..<end]), isAtStart: isAtStart && wordStart == 0)
        }
        while index < piece.count {
            let start = index
            let flags = tables.flags(UTF8Text.next(base, &index))
            if flags.contains(.whitespace) {
                flush(upTo: start, into: &output)
                wordStart = index
            } else if flags.contains(.punctuation) {
                flush(upTo: start, into: &output)
                wordStart = start
                flush(upTo: index, into: &output)
                wordStart = index
            }
        }
        flush(upTo: piece.count, into: &output)
    }
}
