/// Longest match first, from the left (BERT). A word with an unmatched rest is the unknown token as a whole.
struct WordPiece: TokenModel {
    let vocabulary: Vocabulary
    let unknown: Int32?
    /// Stands before every token that does not begin a word (`##`).
    let prefix: [UInt8]
    /// Longer words, in scalars, are the unknown token.
    let maximumWordLength: Int
    private let prefixHash: ByteHash

    init(source: ModelSource) throws(TokenizerError) {
        vocabulary = try source.tokenMap()
        unknown = vocabulary.id(try source.options.optionalString("unk_token") ?? "[UNK]")
        prefix = Array((try source.options.optionalString("continuing_subword_prefix") ?? "##").utf8)
        maximumWordLength = try source.options.optionalCount("max_input_chars_per_word") ?? 100
        prefixHash = ByteHash(prefix)
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError) {
        guard let base = piece.baseAddress else { return }
        if UTF8Text.count(piece) > maximumWordLength { return try appendUnknown(to: &ids) }
        try encode(word: base, count: piece.count, hash: ByteHash(piece), into: &ids)
    }

    /// Appends the ids of a word that is not too long; `hash` is that of all of it.
    @inline(__always)
    func encode(
        word: UnsafePointer<UInt8>, count: Int, hash: ByteHash, into ids: inout [Int32]
    ) throws(TokenizerError) {
        let whole = vocabulary.id(hash: hash, prefix: [], word, count: count)
        if whole >= 0 {
            ids.append(whole)
        } else if !appendParts(word: word, count: count, into: &ids) {
            try appendUnknown(to: &ids)
        }
    }

    func appendUnknown(to ids: inout [Int32]) throws(TokenizerError) {
        guard let unknown else { throw .noUnknownToken }
        ids.append(unknown)
    }

    /// Appends the parts of a word; false, with nothing appended, if some rest matches no token.
    private func appendParts(word: UnsafePointer<UInt8>, count: Int, into ids: inout [Int32]) -> Bool {
        let before = ids.count
        let longest = vocabulary.longest
        let found = withUnsafeTemporaryAllocation(of: ByteHash.self, capacity: longest + 1) { hashes in
            var start = 0
            while start < count {
                let prefix = start == 0 ? [] : prefix
                var hash = start == 0 ? ByteHash() : prefixHash
                let limit = min(count, start + longest)
                for end in start..<limit {
                    hash.add(word[end])
                    hashes[end - start] = hash
                }
                var end = limit
                var id: Int32 = -1
                while end > start {
                    if end == count || word[end] & 0xC0 != 0x80 {
                        id = vocabulary.id(
                            hash: hashes[end - start - 1], prefix: prefix, word + start, count: end - start)
                        if id >= 0 { break }
                    }
                    end -= 1
                }
                if id < 0 { return false }
                ids.append(id)
                start = end
            }
            return true
        }
        if !found { ids.removeSubrange(before...) }
        return found
    }
}
