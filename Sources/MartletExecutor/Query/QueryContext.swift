import MartletData
import MartletGraph
import MartletPlanner
import MartletSupport
import Synchronization

/// What all operators of one running query share.
package final class QueryContext: Sendable {
    let pool: ThreadPool
    let settings: Settings
    let cancellation: CancellationFlag
    let models: ModelStore
    /// Tables of the host program, by name; `$name` parameters under their plain name.
    let tables: [String: [Morsel]]
    let inputs: InputStore
    /// Answers of models, for all calls that ask the same.
    let answers: AnswerStore
    package let profile = QueryProfile()
    /// Stages that keep rows.
    private let keeperCount = Atomic<Int>(0)
    private let pending = Mutex<[PendingFile]>([])
    private let finishedFiles = Mutex<[FinishedFile]>([])

    package init(
        pool: ThreadPool, settings: Settings, cancellation: CancellationFlag, models: ModelStore,
        inputs: InputStore, answers: AnswerStore = AnswerStore(), tables: [String: [Morsel]] = [:]
    ) {
        self.inputs = inputs
        self.answers = answers
        self.pool = pool
        self.settings = settings
        self.cancellation = cancellation
        self.models = models
        self.tables = tables
    }

    var keepers: Int { keeperCount.load(ordering: .relaxed) }

    /// Said while a pipeline is built by each stage that keeps rows, so that they share the memory.
    func addKeeper() { keeperCount.add(1, ordering: .relaxed) }

    func checkCancelled() throws {
        if cancellation.isCancelled { throw GraphError.cancelled }
    }

    /// Applies `body` to each element on the pool and keeps the order. The first error, by position, is thrown.
    func parallelMap<T: Sendable, R: Sendable>(_ items: [T], _ body: @escaping @Sendable (T) throws -> R) throws -> [R]
    {
        if items.count < 2 { return try items.map(body) }
        let results = Mutex([Result<R, any Error>?](repeating: nil, count: items.count))
        pool.parallelFor(items.count) { index in
            let result = Result { try body(items[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.map { result in
            guard let result else { preconditionFailure("bug: an iteration did not run") }
            return try result.get()
        }
    }

    // MARK: Files

    /// A file that a query wrote whole.
    package struct FinishedFile: Hashable, Sendable {
        package var path: String
        package var rows: Int
        package var bytes: Int
    }

    private struct PendingFile: @unchecked Sendable {
        var file: AtomicFile
        var rows: Int
    }

    /// A file that is complete; it appears when the whole query has succeeded.
    func deferCommit(_ file: AtomicFile, rows: Int) {
        pending.withLock { $0.append(PendingFile(file: file, rows: rows)) }
    }

    /// Makes all complete files appear. Called once, after the last operator has finished.
    func commitFiles() throws {
        for item in pending.withLock({ $0 }) {
            try item.file.commit()
            let finished = FinishedFile(path: item.file.path, rows: item.rows, bytes: item.file.written)
            finishedFiles.withLock { $0.append(finished) }
        }
        pending.withLock { $0 = [] }
    }

    func abortFiles() {
        for item in pending.withLock({ $0 }) { item.file.abort() }
        pending.withLock { $0 = [] }
    }

    package var files: [FinishedFile] { finishedFiles.withLock { $0 } }
}
