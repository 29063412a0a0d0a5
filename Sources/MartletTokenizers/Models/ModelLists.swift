/// A model's long lists in memory, for file formats other than `tokenizer.json`.
package struct ModelLists: Sendable {
    /// Tokens by id, spelt as in `tokenizer.json`: byte-level ones in GPT-2's alphabet, SentencePiece's with `▁`. A token
    /// that stands twice keeps its last id.
    package var tokens: [[UInt8]]
    /// Unigram: a log probability for each token.
    package var scores: [Double]
    /// BPE: pairs of tokens in order of rank.
    package var merges: [Merge]

    package struct Merge: Equatable, Sendable {
        package var left: [UInt8]
        package var right: [UInt8]

        package init(left: [UInt8], right: [UInt8]) {
            self.left = left
            self.right = right
        }

        /// `"left right"`; nil without a space.
        package init?(text: some Collection<UInt8>) {
            guard let space = text.firstIndex(of: UInt8(ascii: " ")) else { return nil }
            left = Array(text[..<space])
            right = Array(text[text.index(after: space)...])
        }
    }

    package init(tokens: [[UInt8]], scores: [Double] = [], merges: [Merge] = []) {
        self.tokens = tokens
        self.scores = scores
        self.merges = merges
    }

    /// The merges of a SentencePiece BPE model, which has scores in their place: every way to put a token together from two
    /// others, best score first; of one token, in the order of its parts' ids. Tokens of over 1,024 bytes are left out.
    package static func merges(tokens: [[UInt8]], scores: [Double]) -> [Merge] {
        var ids: [[UInt8]: Int] = [:]
        ids.reserveCapacity(tokens.count)
        for (id, token) in tokens.enumerated() { ids[token] = id }
        var found: [(score: Double, merge: Merge)] = []
        for (token, score) in zip(tokens, scores) {
            var ways: [(left: Int, right: Int, merge: Merge)] = []
            guard token.count <= 1024 else { continue }
            for place in token.indices.dropFirst() where token[place] & 0xC0 != 0x80 {
                let merge = Merge(left: Array(token[..<place]), right: Array(token[place...]))
                if let left = ids[merge.left], let right = ids[merge.right] { ways.append((left, right, merge)) }
            }
            ways.sort { ($0.left, $0.right) < ($1.left, $1.right) }
            for way in ways { found.append((score, way.merge)) }
        }
        return found.enumerated()
            .sorted {
                $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
            }
            .map(\.element.merge)
    }
}
