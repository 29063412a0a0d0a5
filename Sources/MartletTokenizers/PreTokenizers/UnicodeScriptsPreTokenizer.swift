/// Cuts where the script changes; Japanese is one script. Spaces and scalars of no script stay with what is before them; at
/// the start they vanish, as in the reference.
struct UnicodeScriptsPreTokenizer: PreTokenizer {
    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        guard let base = piece.baseAddress else { return }
        let tables = ScalarTables.shared
        var start = piece.count
        var current: UInt8 = 0
        var index = 0
        while index < piece.count {
            let place = index
            let script = tables.script(UTF8Text.next(base, &index))
            guard script != 0, script != current else { continue }
            if current != 0 {
                output.append(
                    UnsafeBufferPointer(rebasing: piece[start..<place]), isAtStart: isAtStart && start == 0)
            }
            start = place
            current = script
        }
        output.append(UnsafeBufferPointer(rebasing: piece[start...]), isAtStart: isAtStart && start == 0)
    }
}
