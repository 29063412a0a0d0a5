import MartletData
import MartletExecutor
import MartletGraph
import MartletPlanner
import MartletSupport
import MartletSyntax
import Synchronization

/// A place to run scripts in: remembers models, lets, parameters and settings from one text to the next.
///
/// ```swift
/// let session = Session()
/// let results = try session.run("load 'reviews.csv' |> limit 3")
/// for row in results.rows { print(row["text"]) }
/// ```
/// A session runs one query at a time; a second one waits. `stop` may be called from any thread, and ends the query only.
public final class Session: Sendable {
    struct State {
        var environment = BinderEnvironment()
        var pool: ThreadPool?
        /// Results that `_` means or that lets read, the last one last.
        var kept: [KeptResult] = []
        var keptCount = 0
    }

    let state = Mutex(State())
    private let cancellation = Mutex(CancellationFlag())
    /// Of the text that is being read and checked, which may wait for a pipe.
    private let reading = Mutex(CancellationFlag())
    /// Answers that `set memo` keeps from query to query, and in how many bytes.
    private let memo = Mutex<(bytes: Int, answers: AnswerStore)?>(nil)
    /// Held while a query runs.
    let turn = Mutex(())
    let models = ModelStore.shared
    let inputs = InputStore()
    let defaultThreads: Int

    /// - Parameter threads: workers of the session; all processors if nil. `set threads` changes it.
    public init(threads: Int? = nil) {
        defaultThreads = max(1, threads ?? processorCount())
        ignoreClosedPipes()
    }

    // MARK: Running

    /// Runs all statements of `script`, in order, and gives the rows of the last query.
    ///
    /// - Parameters:
    ///   - name: the script's name in messages.
    ///   - parameters: values of `$name`; they win over defaults.
    /// - Throws: what is wrong with the text, all at once, before anything runs; or the first error of running.
    @discardableResult
    public func run(
        _ script: String, name: String = "script", parameters: [String: Value] = [:]
    ) throws(MartletError) -> Results {
        let prepared = try prepare(script, name: name)
        for (parameter, value) in parameters { try prepared.bind(parameter, value) }
        return try prepared.run()
    }

    /// Reads and checks `script`, to be run once or often with different parameters. Its declarations count for the session.
    public func prepare(_ script: String, name: String = "script") throws(MartletError) -> Prepared {
        try Prepared(self, script, name: name)
    }

    /// Everything that is wrong with `script`, warnings included; empty if it can be run.
    public func check(_ script: String, name: String = "script") -> [MartletError.Problem] {
        let source = SourceText(name: name, script)
        let parsed = parse(source)
        var environment = self.environment
        let bound = MartletPlanner.bind(
            parsed.script, source: source, catalog: catalog, allowsOpenParameters: true, environment: &environment)
        return merged(parsed.diagnostics, bound.diagnostics).map { MartletError.Problem($0, in: source) }
    }

    /// Stops the query that is running, between two batches. The session lives on.
    public func stop() {
        cancellation.withLock { $0.cancel() }
        reading.withLock { $0.cancel() }
    }

    /// The canonical form of `script`. Throws if it cannot be parsed.
    public static func format(_ script: String, name: String = "script") throws(MartletError) -> String {
        let parsed = parse(SourceText(name: name, script))
        guard let text = MartletSyntax.format(parsed) else {
            throw MartletError(parsed.diagnostics, in: parsed.source)
        }
        return text
    }

    // MARK: For its parts

    package var environment: BinderEnvironment { state.withLock { $0.environment } }
    func keep(_ environment: BinderEnvironment) { state.withLock { $0.environment = environment } }

    var catalog: SessionCatalog { SessionCatalog(models: models, inputs: inputs, last: lastResult) }

    /// A flag for a new query.
    func newCancellation() -> CancellationFlag {
        let flag = CancellationFlag()
        cancellation.withLock { $0 = flag }
        return flag
    }

    /// Binds a text; throws when it was stopped while it waited for a pipe.
    func bound(
        _ parsed: ParsedScript, parameters: [String: ParameterValue] = [:], allowsOpenParameters: Bool,
        _ environment: inout BinderEnvironment
    ) throws(MartletError) -> BindingResult {
        let flag = CancellationFlag()
        reading.withLock { $0 = flag }
        let isStopped: @Sendable () -> Bool = { flag.isCancelled }
        let result = InputWaiting.whileAsking(isStopped) {
            MartletPlanner.bind(
                parsed.script, source: parsed.source, catalog: catalog, parameters: parameters,
                allowsOpenParameters: allowsOpenParameters, environment: &environment)
        }
        if flag.isCancelled { throw MartletError(InputStopped()) }
        return result
    }

    /// Where a query keeps models' answers: with `set memo` the session's store, made anew when its size is set anew.
    func answers(_ settings: Settings) -> AnswerStore {
        guard let bytes = settings.memo else { return AnswerStore() }
        return memo.withLock { memo in
            if let memo, memo.bytes == bytes { return memo.answers }
            let made = AnswerStore(totalBytes: bytes)
            memo = (bytes, made)
            return made
        }
    }

    /// The session's threads, as many as the settings say.
    func pool(_ settings: Settings) -> ThreadPool {
        let wanted = max(1, settings.threads ?? defaultThreads)
        return state.withLock { state in
            if let pool = state.pool, pool.threadCount == wanted { return pool }
            let pool = ThreadPool(threadCount: wanted)
            state.pool = pool
            return pool
        }
    }
}

/// Diagnostics of parser and binder in the order of their places; what the binder says of broken text is left out by it.
func merged(_ first: [Diagnostic], _ second: [Diagnostic]) -> [Diagnostic] {
    (first + second).enumerated()
        .sorted { a, b in
            let (x, y) = (a.element.primarySpan?.start ?? 0, b.element.primarySpan?.start ?? 0)
            return (x, a.offset) < (y, b.offset)
        }
        .map(\.element)
}
