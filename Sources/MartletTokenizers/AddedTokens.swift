/// A token that is found in the text before the model sees it.
struct AddedToken: Sendable {
    var id: Int32
    let content: [UInt8]
    /// Not part of the text's meaning; left out when decoding.
    let isSpecial: Bool
    /// Found only where no word goes on at either side.
    let isSingleWord: Bool
    /// Takes white space before (after) it along.
    let stripsLeft: Bool
    let stripsRight: Bool
    /// Searched in the normalized text, else in the text as given.
    let isNormalized: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        id = try part.requiredPart("id").id()
        content = Array(try part.string("content").utf8)
        isSpecial = try part.bool("special", default: false)
        isSingleWord = try part.bool("single_word", default: false)
        stripsLeft = try part.bool("lstrip", default: false)
        stripsRight = try part.bool("rstrip", default: false)
        isNormalized = try part.bool("normalized", default: !isSpecial)
    }
}

/// Finds added tokens: the leftmost, and of those at one place the longest.
struct AddedTokenMatcher: Sendable {
    private struct Pattern {
        let bytes: [UInt8]
        let token: AddedToken
    }
    private let patterns: [Pattern]
    /// By first byte, indices of patterns, longest first.
    private let byFirst: [[Int]]

    var isEmpty: Bool { patterns.isEmpty }

    /// `bytes` is the token's content, or what the normalizer makes of it.
    init(_ tokens: [(bytes: [UInt8], token: AddedToken)]) {
        let patterns = tokens.filter { !$0.bytes.isEmpty }.map { Pattern(bytes: $0.bytes, token: $0.token) }
        var byFirst = [[Int]](repeating: [], count: 256)
        // A stable order, so that of two equal patterns the first one wins.
        let order = patterns.indices.sorted { (-patterns[$0].bytes.count, $0) < (-patterns[$1].bytes.count, $1) }
        for index in order { byFirst[Int(patterns[index].bytes[0])].append(index) }
        self.patterns = patterns
        self.byFirst = byFirst
    }

    struct Match {
        let range: Range<Int>
        let id: Int32
    }

    /// Matches from left to right that do not overlap; none in most texts.
    func matches(in text: UnsafeBufferPointer<UInt8>) -> [Match] {
        guard !isEmpty, let base = text.baseAddress else { return [] }
        var matches: [Match] = []
        var last = 0
        byFirst.withUnsafeBufferPointer { byFirst in
            var index = 0
            while index < text.count {
                guard !byFirst[Int(text[index])].isEmpty,
                    let pattern = pattern(at: index, in: text, among: byFirst[Int(text[index])])
                else {
                    index += 1
                    continue
                }
                let (token, end) = (pattern.token, index + pattern.bytes.count)
                if let range = range(of: token, index..<end, in: base, count: text.count, after: last) {
                    matches.append(Match(range: range, id: token.id))
                    last = range.upperBound
                }
                index = end
            }
        }
        return matches
    }

    private func pattern(at index: Int, in text: UnsafeBufferPointer<UInt8>, among candidates: [Int]) -> Pattern? {
        for candidate in candidates {
            let bytes = patterns[candidate].bytes
            if bytes.count <= text.count - index,
                UnsafeBufferPointer(rebasing: text[index..<index + bytes.count]).elementsEqual(bytes)
            {
                return patterns[candidate]
            }
        }
        return nil
    }

    /// The match with the white space it takes along; nil if its surroundings forbid it.
    private func range(
        of token: AddedToken, _ match: Range<Int>, in text: UnsafePointer<UInt8>, count: Int, after last: Int
    ) -> Range<Int>? {
        let tables = ScalarTables.shared
        var (start, end) = (match.lowerBound, match.upperBound)
        if token.isSingleWord {
            var (before, after) = (start, end)
            if start > 0, tables.flags(UTF8Text.previous(text, &before)).contains(.word) { return nil }
            if end < count, tables.flags(UTF8Text.next(text, &after)).contains(.word) { return nil }
        }
        if token.stripsLeft {
            while start > last {
                var before = start
                guard tables.flags(UTF8Text.previous(text, &before)).contains(.whitespace) else { break }
                start = before
            }
        }
        if token.stripsRight {
            while end < count {
                var after = end
                guard tables.flags(UTF8Text.next(text, &after)).contains(.whitespace) else { break }
                end = after
            }
        }
        // A match within the white space that the one before took along has gone with it.
        start = max(start, last)
        return start < end ? start..<end : nil
    }
}
