/// BERT's normalizer, pre-tokenizer and WordPiece in one pass over the bytes; the same ids as the three steps give.
///
/// ASCII goes through a table of 256 entries; other scalars through the Unicode tables one by one. Only a text in which
/// marks survive that may need reordering takes the steps.
struct BertPath: Sendable {
    private enum Class {
        static let letter: UInt8 = 0
        static let dropped: UInt8 = 1
        static let space: UInt8 = 2
        static let punctuation: UInt8 = 3
        static let notASCII: UInt8 = 4
    }
    private let normalizer: BertNormalizer
    private let model: WordPiece
    /// For each byte its class, and in the high byte what it becomes.
    private let ascii: [UInt16]

    /// Words beyond this many scalars have no fast path.
    private static let wordLimit = 256

    /// Nil when the parts are not BERT's.
    init?(normalizer: (any Normalizer)?, preTokenizer: (any PreTokenizer)?, model: any TokenModel) {
        guard let normalizer = normalizer as? BertNormalizer, preTokenizer is BertPreTokenizer,
            let model = model as? WordPiece, model.maximumWordLength <= Self.wordLimit
        else { return nil }
        self.normalizer = normalizer
        self.model = model
        let tables = ScalarTables.shared
        ascii = (0...255).map { (byte: UInt32) -> UInt16 in
            guard byte < 0x80 else { return UInt16(Class.notASCII) }
            let flags = tables.flags(byte)
            let lower = normalizer.lowercases && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            let kind =
                normalizer.cleansText && flags.contains(.control)
                ? Class.dropped
                : flags.contains(.whitespace)
                    ? Class.space : flags.contains(.punctuation) ? Class.punctuation : Class.letter
            return UInt16(lower) << 8 | UInt16(kind)
        }
    }

    /// Appends the ids of `text`, which is well-formed UTF-8. False, with nothing appended, if it needs the steps.
    func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError) -> Bool {
        guard let base = text.baseAddress else { return true }
        let before = ids.count
        let limit = model.maximumWordLength
        // A typed throw does not pass through the closure, so the outcome is carried out of it.
        let outcome = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.wordLimit * 4 + 4) {
            buffer -> Result<Bool, TokenizerError> in
            ascii.withUnsafeBufferPointer { ascii in
                Result { () throws(TokenizerError) in
                    var word = Word(bytes: buffer.baseAddress!, limit: limit)
                    var index = 0
                    while index < text.count {
                        let byte = base[index]
                        let entry = ascii[Int(byte)]
                        switch UInt8(truncatingIfNeeded: entry) {
                        case Class.letter:
                            word.append(UInt8(truncatingIfNeeded: entry >> 8))
                            index += 1
                        case Class.space:
                            try flush(&word, into: &ids)
                            index += 1
                        case Class.punctuation:
                            try flush(&word, into: &ids)
                            word.append(byte)
                            try flush(&word, into: &ids)
                            index += 1
                        case Class.dropped:
                            index += 1
                        default:
                            let scalar = UTF8Text.next(base, &index)
                            if try !clean(scalar, &word, into: &ids) { return false }
                        }
                    }
                    try flush(&word, into: &ids)
                    return true
                }
            }
        }
        if case .success(true) = outcome { return true }
        ids.removeSubrange(before...)
        return try outcome.get()
    }

    /// The word that is being read, after normalization.
    private struct Word {
        let bytes: UnsafeMutablePointer<UInt8>
        /// Most scalars; from there on only the length counts.
        let limit: Int
        var count = 0
        var length = 0
        var hash = ByteHash()

        @inline(__always)
        mutating func append(_ byte: UInt8) {
            if length < limit {
                bytes[count] = byte
                count += 1
                hash.add(byte)
            }
            length += 1
        }

        mutating func append(scalar: UInt32) {
            if scalar < 0x80 { return append(UInt8(scalar)) }
            if length < limit {
                var encoded = UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}")!.makeIterator()
                while let byte = encoded.next() {
                    bytes[count] = byte
                    count += 1
                    hash.add(byte)
                }
            }
            length += 1
        }
    }

    @inline(__always)
    private func flush(_ word: inout Word, into ids: inout [Int32]) throws(TokenizerError) {
        guard word.length > 0 else { return }
        if word.length > word.limit {
            try model.appendUnknown(to: &ids)
        } else {
            try model.encode(word: word.bytes, count: word.count, hash: word.hash, into: &ids)
        }
        word.count = 0
        word.length = 0
        word.hash = ByteHash()
    }

    /// clean_text and handle_chinese_chars. False if the text needs the steps.
    private func clean(_ scalar: UInt32, _ word: inout Word, into ids: inout [Int32]) throws(TokenizerError) -> Bool {
        let flags = ScalarTables.shared.flags(scalar)
        if normalizer.cleansText, flags.contains(.control) { return true }
        if normalizer.separatesChinese, flags.contains(.chinese) {
            try flush(&word, into: &ids)
            let isDone = try strip(scalar, flags, &word, into: &ids)
            try flush(&word, into: &ids)
            return isDone
        }
        return try strip(scalar, flags, &word, into: &ids)
    }

    /// strip_accents. False if a mark survives whose place depends on its neighbours.
    private func strip(
        _ scalar: UInt32, _ flags: ScalarFlags, _ word: inout Word, into ids: inout [Int32]
    ) throws(TokenizerError) -> Bool {
        guard normalizer.stripsAccents else {
            try lower(scalar, flags, &word, into: &ids)
            return true
        }
        guard flags.contains(.decomposes) else {
            return try keep(scalar, flags, &word, into: &ids)
        }
        let tables = ScalarTables.shared
        if Hangul.syllables.contains(scalar) {
            var jamo: [UInt32] = []
            Hangul.decompose(scalar, into: &jamo)
            for scalar in jamo {
                if try !keep(scalar, tables.flags(scalar), &word, into: &ids) { return false }
            }
        } else {
            for scalar in tables.canonical(scalar) {
                if try !keep(scalar, tables.flags(scalar), &word, into: &ids) { return false }
            }
        }
        return true
    }

    private func keep(
        _ scalar: UInt32, _ flags: ScalarFlags, _ word: inout Word, into ids: inout [Int32]
    ) throws(TokenizerError) -> Bool {
        if flags.contains(.nonspacingMark) { return true }
        if flags.contains(.reordered) { return false }
        try lower(scalar, flags, &word, into: &ids)
        return true
    }

    private func lower(
        _ scalar: UInt32, _ flags: ScalarFlags, _ word: inout Word, into ids: inout [Int32]
    ) throws(TokenizerError) {
        guard normalizer.lowercases, flags.contains(.hasLowercase) else {
            return try cut(scalar, flags, &word, into: &ids)
        }
        let tables = ScalarTables.shared
        for scalar in tables.lowercase(scalar) { try cut(scalar, tables.flags(scalar), &word, into: &ids) }
    }

    private func cut(
        _ scalar: UInt32, _ flags: ScalarFlags, _ word: inout Word, into ids: inout [Int32]
    ) throws(TokenizerError) {
        if flags.contains(.whitespace) {
            try flush(&word, into: &ids)
        } else if flags.contains(.punctuation) {
            try flush(&word, into: &ids)
            word.append(scalar: scalar)
            try flush(&word, into: &ids)
        } else {
            word.append(scalar: scalar)
        }
    }
}
