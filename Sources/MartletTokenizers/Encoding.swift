/// The token ids of a text, or of a pair of texts. Reuse one for many texts: it keeps its buffers.
package struct Encoding: Sendable {
    /// Token ids with special tokens, after truncation.
    package internal(set) var ids: [Int32] = []
    /// A type id for each token (0 first text, 1 second); **empty when all are zero**.
    package internal(set) var typeIDs: [Int32] = []
    /// Tokens with special tokens before truncation.
    package internal(set) var fullLength = 0
    package var wasTruncated: Bool { fullLength > ids.count }

    /// Ids of each text before truncation and special tokens.
    var first: [Int32] = []
    var second: [Int32] = []
    var workspace = Workspace()

    package init() {}
}

/// What encoding keeps between its steps and between texts.
struct Workspace: Sendable {
    var pieces = PieceList()
    var cache = PieceCache()
}

/// Consecutive pieces of a text, which a pre-tokenizer may have rewritten.
struct PieceList: Sendable {
    var bytes: [UInt8] = []
    var pieces: [Piece] = []

    struct Piece: Sendable {
        var range: Range<Int>
        /// The piece begins where the whole text begins.
        var isAtStart: Bool
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
    }

    /// Appends a copy of `text` as a piece; nothing if it is empty.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, isAtStart: Bool) {
        if text.isEmpty { return }
        let start = bytes.count
        bytes.append(contentsOf: text)
        pieces.append(Piece(range: start..<bytes.count, isAtStart: isAtStart))
    }
}
