import MartletData
import MartletExecutor
import MartletPlanner

/// A result that a session keeps in memory, so that queries can read it as `_`.
struct KeptResult: Sendable {
    /// As queries name the last one.
    static let name = "_"

    /// Each has its own, so that a let goes on to mean the result that was the last one when it was written.
    let key: String
    let results: Results
}

extension Session {
    /// From now on `_` is this result. Older ones stay as long as a let reads them.
    package func keep(_ results: Results) {
        let wanted = environment.tableKeysOfLets
        state.withLock { state in
            state.keptCount += 1
            state.kept.removeAll { !wanted.contains($0.key) }
            state.kept.append(KeptResult(key: "\(KeptResult.name) \(state.keptCount)", results: results))
        }
    }

    var lastResult: KeptResult? { state.withLock { $0.kept.last } }

    var keptTables: [String: [Morsel]] {
        state.withLock { state in
            Dictionary(state.kept.map { ($0.key, $0.results.morsels) }, uniquingKeysWith: { _, last in last })
        }
    }
}

/// Gathers the rows of a result as they come, unless they become too many to keep.
package struct ResultKeeper {
    private var morsels: [Morsel] = []
    private var bytes = 0
    package private(set) var isTooLarge = false

    /// Bytes that a kept result may take.
    package static let limit = 512 << 20

    package init() {}

    package mutating func add(_ results: Results) {
        guard !isTooLarge else { return }
        morsels += results.morsels
        bytes += results.morsels.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.byteCount } }
        guard bytes > Self.limit else { return }
        isTooLarge = true
        morsels = []
    }

    /// What was gathered from `stream`; nil if it was too large.
    package func results(of stream: ResultStream) -> Results? {
        isTooLarge ? nil : Results(schema: stream.schema, morsels: morsels, profile: stream.profile)
    }
}
