import MartletData
import MartletExecutor
import MartletPlanner

/// The rows of one query, piece by piece, while it runs. For one thread at a time.
public final class ResultStream {
    public let columns: [Results.Column]
    package let schema: Schema
    private let run: QueryRun
    private let start = monotonicSeconds()
    private var isDone = false
    private var seconds = 0.0

    init(_ session: Session, _ query: BoundQuery, tables: [String: [Morsel]]) throws(MartletError) {
        let optimized = PlanRules.optimize(query)
        do {
            run = try QueryRun(
                root: optimized.root, lets: optimized.lets,
                context: session.context(optimized.settings, tables: tables))
        } catch {
            throw MartletError(error)
        }
        schema = run.schema
        columns = schema.fields.map { Results.Column(name: $0.name, type: $0.type.text) }
    }

    /// The next rows, at least one; nil at the end, when all files that the query writes have appeared.
    public func next() throws(MartletError) -> Results? {
        try nextMorsels().map { Results(schema: schema, morsels: $0, profile: profile) }
    }

    /// What was done so far.
    public var profile: Profile {
        Profile(run.context, seconds: isDone ? seconds : monotonicSeconds() - start)
    }

    /// How far the query is, to be read from any thread.
    package var meter: ProgressMeter { run.context.profile.meter }

    package func nextMorsels() throws(MartletError) -> [Morsel]? {
        guard !isDone else { return nil }
        do {
            while let morsels = try run.next() {
                let filled = morsels.filter { $0.rowCount > 0 }
                if !filled.isEmpty { return filled }
            }
            isDone = true
            seconds = monotonicSeconds() - start
            return nil
        } catch {
            isDone = true
            throw MartletError(error)
        }
    }

    /// All rows that are left.
    package func collect() throws(MartletError) -> Results {
        var all: [Morsel] = []
        while let morsels = try nextMorsels() { all += morsels }
        return Results(schema: schema, morsels: all, profile: profile)
    }

    /// Runs to the end without keeping rows.
    func drain() throws(MartletError) { while try nextMorsels() != nil {} }

    /// Ends the query here; files that it writes do not appear.
    public func cancel() {
        isDone = true
        run.abandon()
    }
}

extension Session {
    func context(_ settings: Settings, tables: [String: [Morsel]]) -> QueryContext {
        QueryContext(
            pool: pool(settings), settings: settings, cancellation: newCancellation(), models: models, inputs: inputs,
            answers: answers(settings), tables: tables.merging(keptTables) { parameter, _ in parameter })
    }
}
