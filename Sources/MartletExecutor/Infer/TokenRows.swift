import MartletData
import MartletSupport
import MartletTokenizers
import Synchronization

/// Token ids of a window's texts, rows in input order. Made in parallel, in chunks that own their ids.
struct TokenRows: Sendable {
    /// Rows tokenized as one piece of work.
    static let chunkRowCount = 512

    struct Chunk: Sendable {
        var ids: [Int32] = []
        /// Empty when every type id is 0.
        var typeIDs: [Int32] = []
        /// First id of each row, one more than rows.
        var starts: [Int] = [0]
        /// Rows that lost tokens to the limit.
        var truncatedRows: [Int] = []
        /// Tokens of those rows before truncation.
        var fullLengths: [Int] = []
    }

    let rowCount: Int
    let chunks: [Chunk]
    let hasTypeIDs: Bool

    func length(_ row: Int) -> Int {
        let chunk = chunks[row / Self.chunkRowCount]
        let local = row % Self.chunkRowCount
        return chunk.starts[local + 1] - chunk.starts[local]
    }

    /// The ids of `row`, valid while the closure runs.
    func withIDs<R>(_ row: Int, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
        let local = row % Self.chunkRowCount
        let chunk = chunks[row / Self.chunkRowCount]
        return try chunk.ids.withUnsafeBufferPointer {
            try body(UnsafeBufferPointer(rebasing: $0[chunk.starts[local]..<chunk.starts[local + 1]]))
        }
    }

    /// The type ids of `row`; an empty buffer means all 0.
    func withTypeIDs<R>(_ row: Int, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
        let local = row % Self.chunkRowCount
        let chunk = chunks[row / Self.chunkRowCount]
        return try chunk.typeIDs.withUnsafeBufferPointer {
            guard !$0.isEmpty else { return try body($0) }
            return try body(UnsafeBufferPointer(rebasing: $0[chunk.starts[local]..<chunk.starts[local + 1]]))
        }
    }
}
