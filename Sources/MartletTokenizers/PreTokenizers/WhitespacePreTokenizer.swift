/// Runs of word scalars and runs of everything else but white space: `\w+|[^\w\s]+`.
struct WhitespacePreTokenizer: PreTokenizer {
    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        guard let base = piece.baseAddress else { return }
        let tables = ScalarTables.shared
        var start = 0
        var current = ScalarFlags.whitespace
        var index = 0
        while index < piece.count {
            let place = index
            let flags = tables.flags(UTF8Text.next(base, &index)).intersection([.word, .whitespace])
            if flags != current {
                if current != .whitespace {
                    output.append(
                        UnsafeBufferPointer(rebasing: piece[start..<place]), isAtStart: isAtStart && start == 0)
                }
                start = place
                current = flags
            }
        }
        if current != .whitespace {
            output.append(UnsafeBufferPointer(rebasing: piece[start...]), isAtStart: isAtStart && start == 0)
        }
    }
}
