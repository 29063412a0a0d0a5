import MartletData
import MartletExecutor
import MartletPlanner
import MartletSyntax
import Synchronization

/// A script that was read and checked. Bind its parameters, then run it, as often as you like.
public final class Prepared: Sendable {
    private struct State {
        var parameters: [String: ParameterValue] = [:]
        var tables: [String: [Morsel]] = [:]
    }

    let session: Session
    let parsed: ParsedScript
    private let before: BinderEnvironment
    private let state = Mutex(State())
    /// Remarks about the text that do not keep it from running.
    public let warnings: [MartletError.Problem]

    init(_ session: Session, _ script: String, name: String) throws(MartletError) {
        self.session = session
        let source = SourceText(name: name, script)
        parsed = parse(source)
        before = session.environment
        var environment = before
        let bound = try session.bound(parsed, allowsOpenParameters: true, &environment)
        let all = merged(parsed.diagnostics, bound.diagnostics)
        guard !all.contains(where: { $0.severity == .error }) else { throw MartletError(all, in: source) }
        warnings = all.map { MartletError.Problem($0, in: source) }
        session.keep(environment)
    }

    // MARK: Parameters

    /// Gives `$name` a value for the following runs. Types are checked when the script is run.
    public func bind(_ name: String, _ value: Value) throws(MartletError) {
        let known = session.environment.parameters.map(\.name)
        guard known.contains(where: { $0.lowercased() == name.lowercased() }) else {
            throw MartletError(TableError.unknownParameter(name: name, known: known))
        }
        state.withLock { $0.parameters[name] = .value(value.data) }
    }

    /// Gives `$name` a value as text, converted to the parameter's type.
    package func bind(_ name: String, text: String) {
        state.withLock { $0.parameters[name] = .text(text) }
    }

    /// Gives the table parameter `$name` its rows. Columns that a row leaves out are null.
    public func bind(_ name: String, rows: [[String: Value]]) throws(MartletError) {
        let schema = try tableSchema(name)
        do {
            let morsel = try schema.morsel(
                rows: rows.map { row in
                    Dictionary(row.map { ($0.key.lowercased(), $0.value.data) }) { first, _ in first }
                })
            state.withLock { $0.tables[name] = [morsel] }
        } catch {
            throw MartletError(error)
        }
    }

    /// Gives the table parameter `$name` its rows, column by column; all of one length.
    public func bind(_ name: String, columns: [String: [Value]]) throws(MartletError) {
        let count = columns.values.first?.count ?? 0
        if let odd = columns.first(where: { $0.value.count != count }) {
            throw MartletError(TableError.unequalLengths(column: odd.key, count: odd.value.count, expected: count))
        }
        try bind(name, rows: (0..<count).map { row in columns.mapValues { $0[row] } })
    }

    private func tableSchema(_ name: String) throws(MartletError) -> Schema {
        let known = session.environment.tableParameters
        guard let table = known.last(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw MartletError(TableError.unknown(name: name, known: known.map(\.name)))
        }
        return table.schema
    }

    // MARK: Running

    /// Runs all statements and gives the rows of the last query.
    public func run() throws(MartletError) -> Results {
        var last = Results(schema: .empty, morsels: [], profile: Profile())
        try execute { event throws(MartletError) in
            if case .query(let stream) = event { last = try stream.collect() }
        }
        return last
    }

    /// Runs all statements but the last query, whose rows come piece by piece.
    ///
    /// The session is free for other queries only after the stream has ended or is gone.
    public func stream() throws(MartletError) -> ResultStream {
        var found: ResultStream?
        try execute(untilLastQuery: true) { event throws(MartletError) in
            if case .query(let stream) = event { found = stream }
        }
        guard let found else {
            throw MartletError(TableError.noQuery)
        }
        return found
    }

    /// What happens while a script runs.
    package enum Event {
        /// A query that gives rows (none if it ends in `write`); they must be taken before the next statement runs.
        case query(ResultStream)
        /// The text of `explain`.
        case plan(String)
    }

    /// What to show in place of each query's rows.
    package enum Explaining: Sendable { case plan, profile }

    /// Runs statement after statement and hands each result to `observe`.
    package func execute(
        untilLastQuery: Bool = false, explaining: Explaining? = nil,
        _ observe: (Event) throws(MartletError) -> Void
    ) throws(MartletError) {
        let (parameters, tables) = state.withLock { ($0.parameters, $0.tables) }
        var environment = before
        let bound = try session.bound(
            parsed, parameters: parameters, allowsOpenParameters: false, &environment)
        guard bound.isValid else { throw MartletError(bound.diagnostics, in: parsed.source) }
        session.keep(environment)
        let lastQuery = bound.script.statements.lastIndex { if case .query = $0.action { true } else { false } }
        for (index, statement) in bound.script.statements.enumerated() {
            switch statement.action {
            case .declaration: continue
            case .query(let query) where explaining != nil:
                try observe(
                    .plan(try Explain(session, query, tables: tables).text(analyze: explaining == .profile)))
            case .query(let query), .show(let query):
                let stream = try ResultStream(session, query, tables: tables)
                try observe(.query(stream))
                if !(untilLastQuery && index == lastQuery) { try stream.drain() }
            case .explain(let query, let analyze):
                try observe(.plan(try Explain(session, query, tables: tables).text(analyze: analyze)))
            }
        }
    }
}
