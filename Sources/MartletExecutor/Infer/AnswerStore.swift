import Synchronization

/// Answers by the region that gave them, for all that ask the same of the same models: calls of one query, or, for a store that
/// outlives it, of later queries too. A region's key holds the content of its models, so a changed file finds nothing.
package final class AnswerStore: Sendable {
    private struct State {
        var tables: [RegionKey?: AnswerTable] = [:]
        /// Keys of `tables`, the one used last at the end.
        var order: [RegionKey?] = []
    }

    /// Bytes that a query keeps for each region.
    private static let regionBytes = 48 << 20

    private let totalBytes: Int?
    private let state = Mutex(State())

    /// - Parameter totalBytes: of all tables; nil: bounded for each region alone.
    package init(totalBytes: Int? = nil) { self.totalBytes = totalBytes }

    /// The answers of region `key`, for the caller alone until they are given back.
    func take(_ key: RegionKey?) -> AnswerTable {
        state.withLock { $0.tables.removeValue(forKey: key) } ?? AnswerTable(byteLimit: totalBytes ?? Self.regionBytes)
    }

    /// Keeps a table; the ones used longest ago go where there is too much.
    func giveBack(_ key: RegionKey?, _ table: consuming AnswerTable) {
        let table = table
        state.withLock { state in
            state.tables[key] = table
            state.order.removeAll { $0 == key }
            state.order.append(key)
            guard let totalBytes else { return }
            var bytes = state.tables.values.reduce(0) { $0 + $1.byteCount }
            while bytes > totalBytes, let oldest = state.order.first, oldest != key {
                bytes -= state.tables.removeValue(forKey: oldest)?.byteCount ?? 0
                state.order.removeFirst()
            }
        }
    }
}
