import Synchronization

/// How far a running query is. Read from any thread while the query's own thread works.
///
/// Rows are read window by window, and a model then works on a window for long: a window that is being inferred counts by the
/// share of its tokens that were run.
package final class ProgressMeter: Sendable {
    private struct State {
        var rowsRead = 0
        /// Share of all input bytes that were read; nil if not known.
        var fractionRead: Double?
        /// Rows of the window that a model works on.
        var windowRows = 0
        /// Work of that window in tokens, and what is done of it.
        var windowWork = 0
        var windowDone = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Rows whose work is done, as far as can be said.
    package var rowsDone: Int { state.withLock { $0.rowsRead - Int(Self.rowsPending($0)) } }

    /// 0 to 1; nil if the size of the input is not known.
    package var fractionDone: Double? {
        state.withLock { state in
            guard let fraction = state.fractionRead, state.rowsRead > 0 else { return nil }
            return fraction * (Double(state.rowsRead) - Self.rowsPending(state)) / Double(state.rowsRead)
        }
    }

    private static func rowsPending(_ state: State) -> Double {
        guard state.windowWork > 0 else { return 0 }
        let share = 1 - Double(min(state.windowDone, state.windowWork)) / Double(state.windowWork)
        return Double(min(state.windowRows, state.rowsRead)) * share
    }

    var rowsRead: Int { state.withLock { $0.rowsRead } }

    func read(rows: Int, fraction: Double?) {
        state.withLock { state in
            state.rowsRead += rows
            state.fractionRead = fraction
        }
    }

    /// A model begins to work on `rows` rows, `work` tokens in all.
    func beginWindow(rows: Int, work: Int) {
        state.withLock { state in
            state.windowRows = rows
            state.windowWork = work
            state.windowDone = 0
        }
    }

    func finish(work: Int) { state.withLock { $0.windowDone += work } }
}
