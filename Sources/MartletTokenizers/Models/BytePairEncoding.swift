import MartletSupport

/// Byte-pair encoding: starts from single characters and merges the pair of lowest rank, leftmost first, until none is left.
struct BytePairEncoding: TokenModel {
    let vocabulary: Vocabulary
    let isWorthCaching = true
    private let merges: MergeTable
    private let unknownToken: String?
    private let unknown: Int32?
    /// Stands before characters that do not begin a word, and after the last one.
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    /// Unknown characters in a row are one unknown token.
    private let fusesUnknown: Bool
    /// Ids of `<0x00>` … `<0xFF>`, -1 where missing; nil when unknown characters are not spelt in bytes.
    private let byteIDs: [Int32]?
    /// A piece that is a token as a whole is not merged.
    private let prefersWhole: Bool

    init(source: ModelSource) throws(TokenizerError) {
        let options = source.options
        let vocabulary = try source.tokenMap()
        self.vocabulary = vocabulary
        unknownToken = try options.optionalString("unk_token")
        unknown = unknownToken.flatMap { vocabulary.id($0) }
        prefix = Array((try options.optionalString("continuing_subword_prefix") ?? "").utf8)
        suffix = Array((try options.optionalString("end_of_word_suffix") ?? "").utf8)
        fusesUnknown = try options.bool("fuse_unk", default: false)
        byteIDs = try options.bool("byte_fallback", default: false) ? vocabulary.byteIDs() : nil
        prefersWhole = try options.bool("ignore_merges", default: false)
        if let dropout = options.json["dropout"], !dropout.isNull, dropout.double != 0 {
            throw options.invalid("dropout", "is set, which makes results random and is not supported")
        }
        merges = try Self.merges(source, vocabulary, prefix)
    }

    /// Reads `merges`: `"a b"` or `["a", "b"]`, in order of rank.
    private static func merges(
        _ source: ModelSource, _ vocabulary: Vocabulary, _ prefix: [UInt8]
    ) throws(TokenizerError) -> MergeTable {
        if let lists = source.lists { return try merges(lists, source.options, vocabulary, prefix) }
        var scanner = try source.scanner(source.merges, "merges")
        var table = MergeTable(capacity: vocabulary.count)
        var rank: UInt32 = 0
        var left: [UInt8] = []
        var right: [UInt8] = []
        do throws(JSONError) {
            guard try scanner.peek() == .array else { throw scanner.error(.unexpectedValue(expected: "an array")) }
            if try scanner.openArray() {
                repeat {
                    if try scanner.peek() == .string {
                        try scanner.scanString(into: &left)
                        guard let space = left.firstIndex(of: UInt8(ascii: " ")) else {
                            throw scanner.error(.unexpectedValue(expected: "two tokens with a space between"))
                        }
                        right = Array(left[(space + 1)...])
                        left.removeSubrange(space...)
                    } else {
                        guard try scanner.peek() == .array, try scanner.openArray() else {
                            throw scanner.error(.unexpectedValue(expected: "a pair of tokens"))
                        }
                        try scanner.scanString(into: &left)
                        guard try scanner.nextElement() else {
                            throw scanner.error(.unexpectedValue(expected: "a pair of tokens"))
                        }
                        try scanner.scanString(into: &right)
                        guard try !scanner.nextElement() else {
                            throw scanner.error(.unexpectedValue(expected: "a pair of tokens"))
                        }
                    }
                    guard rank < .max, table.insert(left, right, rank: rank, vocabulary, prefix) else {
                        throw scanner.error(
                            .unexpectedValue(expected: "a merge whose tokens and result are in the vocabulary"))
                    }
                    rank += 1
                } while try scanner.nextElement()
            }
        } catch {
            throw .json(error.inFile(source.options.file))
        }
        return table
    }

    private static func merges(
        _ lists: ModelLists, _ options: PartReader, _ vocabulary: Vocabulary, _ prefix: [UInt8]
    ) throws(TokenizerError) -> MergeTable {
        var table = MergeTable(capacity: lists.merges.count)
        for (rank, merge) in lists.merges.enumerated() {
            guard rank < UInt32.max, table.insert(merge.left, merge.right, rank: UInt32(rank), vocabulary, prefix)
            else {
                throw options.invalid("merges[\(rank)]", "has a token, or makes one, that is not in the vocabulary")
            }
        }
        return table
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError) {
        if prefersWhole {
            let id = vocabulary.id(piece)
            if id >= 0 { return ids.append(id) }
        }
        var word = MergingWord()
        try split(piece, into: &word)
        word.merge(merges)
        word.appendIDs(to: &ids)
    }

    /// How many candidates merging one piece takes up: for tests of the bound.
    func mergeSteps(_ piece: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Int {
        var word = MergingWord()
        try split(piece, into: &word)
        word.merge(merges)
        return word.steps
    }

    /// The ids of a piece's characters.
    private func split(_ piece: UnsafeBufferPointer<UInt8>, into word: inout MergingWord) throws(TokenizerError) {
        var pendingUnknown: Int32?
        var character: [UInt8] = []
        var start = 0
        while start < piece.count {
            let end = start + UTF8Text.length(first: piece[start])
            let id: Int32
            if (start == 0 || prefix.isEmpty) && (end < piece.count || suffix.isEmpty) {
                id = vocabulary.id(UnsafeBufferPointer(rebasing: piece[start..<end]))
                if id < 0 { character.replaceSubrange(0..., with: piece[start..<end]) }
            } else {
                character.removeAll(keepingCapacity: true)
                if start > 0 { character.append(contentsOf: prefix) }
                character.append(contentsOf: piece[start..<end])
                if end == piece.count { character.append(contentsOf: suffix) }
                id = vocabulary.id(character)
            }
            start = end
            if id >= 0 {
                if let unknown = pendingUnknown { word.append(unknown) }
                pendingUnknown = nil
                word.append(id)
                continue
            }
            // As in the reference, an unknown token that waits comes after the bytes.
            if let byteIDs, character.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
                for byte in character { word.append(byteIDs[Int(byte)]) }
                continue
            }
            // Without an unknown token such characters vanish.
            guard unknownToken != nil else { continue }
            guard let unknown else { throw .noUnknownToken }
            if pendingUnknown != nil, !fusesUnknown { word.append(unknown) }
            pendingUnknown = unknown
        }
        if let unknown = pendingUnknown { word.append(unknown) }
    }
}

extension MergeTable {
    /// Inserts the merge of two tokens; false if one of them or what they make is not in the vocabulary. `prefix` goes from
    /// the right token.
    mutating func insert(
        _ left: [UInt8], _ right: [UInt8], rank: UInt32, _ vocabulary: Vocabulary, _ prefix: [UInt8]
    ) -> Bool {
        let merged = left + right.dropFirst(right.starts(with: prefix) ? prefix.count : 0)
        let ids = (vocabulary.id(left), vocabulary.id(right), vocabulary.id(merged))
        guard ids.0 >= 0, ids.1 >= 0, ids.2 >= 0 else { return false }
        insert(ids.0, ids.1, Merge(rank: rank, id: ids.2))
        return true
    }
}

extension Vocabulary {
    /// Ids of `<0x00>` … `<0xFF>`, -1 where missing.
    func byteIDs() -> [Int32] {
        (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return id("<0x\(digits.count < 2 ? "0" : "")\(digits)>") ?? -1
        }
    }
}
