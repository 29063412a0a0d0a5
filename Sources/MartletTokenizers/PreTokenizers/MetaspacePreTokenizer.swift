/// Makes spaces visible (`▁`), puts one before a text, and cuts before each (SentencePiece).
struct MetaspacePreTokenizer: PreTokenizer {
    enum Prepending: String {
        case always, first, never
    }
    let replacement: [UInt8]
    let prepending: Prepending
    let splits: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        let text = try part.optionalString("replacement") ?? "▁"
        guard text.unicodeScalars.count == 1 else { throw part.invalid("replacement", "should be one character") }
        replacement = Array(text.utf8)
        splits = try part.bool("split", default: true)
        if let scheme = try part.optionalString("prepend_scheme") {
            guard let prepending = Prepending(rawValue: scheme) else {
                throw part.invalid("prepend_scheme", "is `\(scheme)`, should be always, first or never")
            }
            self.prepending = prepending
        } else {
            prepending = try part.bool("add_prefix_space", default: true) ? .always : .never
        }
    }

    func split(_ piece: UnsafeBufferPointer<UInt8>, isAtStart: Bool, into output: inout PieceList) {
        var text: [UInt8] = []
        text.reserveCapacity(piece.count * 2)
        for byte in piece {
            if byte == UInt8(ascii: " ") { text.append(contentsOf: replacement) } else { text.append(byte) }
        }
        if prepending == .always || (prepending == .first && isAtStart), !text.starts(with: replacement) {
            text.insert(contentsOf: replacement, at: 0)
        }
        text.withUnsafeBufferPointer { text in
            let matches = splits ? TextPattern.string(replacement).matches(in: text) : []
            SplitBehavior.mergedWithNext.apply(matches, to: text, isAtStart: isAtStart, into: &output)
        }
    }
}
