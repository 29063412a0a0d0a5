import MartletData
import MartletGraph
import MartletPlanner
import MartletSupport
import MartletTensor
import Synchronization

/// Runs one region over windows of rows: answers duplicates once, orders by length, packs, runs batches on every
/// thread, and gives answers back in input order.
///
/// Used by one pipeline at a time; the parallel parts are inside.
final class InferRunner: RegionRunner {
    private let program: RegionProgram
    private let options: InferOptions
    private let pool: ThreadPool
    private let batches: BatchRunner
    private let store: AnswerStore
    /// The answers of this region, while they are taken from the store.
    private var answered: AnswerTable
    private var trial = SharingTrial()
    private let profile: QueryProfile
    private(set) var counters = InferCounters()

    init(
        program: RegionProgram, options: InferOptions, pool: ThreadPool, cancellation: CancellationFlag,
        answers: AnswerStore, profile: QueryProfile
    ) {
        self.program = program
        self.options = options
        self.pool = pool
        store = answers
        self.profile = profile
        answered = AnswerTable(byteLimit: 0)
        batches = BatchRunner(program: program, options: options, cancellation: cancellation, meter: profile.meter)
    }

    func run(_ arguments: [Column], streams: Column?, rowCount: Int) throws -> WindowAnswers {
        guard options.asksOnce, rowCount > 1 else { return try run(arguments, rowCount: rowCount) }
        let first = try run(arguments.map { $0.slice(0..<1) }, rowCount: 1)
        profile.note(.askConstantsOnce)
        counters.rows += rowCount - 1
        if first.failures.isEmpty, first.answerOfRow[0] < 0 {
            counters.nulls += rowCount - 1
        } else {
            counters.duplicates += rowCount - 1
        }
        return first.repeated(rowCount)
    }

    private func run(_ arguments: [Column], rowCount: Int) throws -> WindowAnswers {
        let groups = rowsByShape(arguments, rowCount: rowCount)
        guard groups.count > 1 else { return try runShaped(arguments, rowCount: rowCount) }
        return WindowAnswers(
            try groups.map { rows in
                (rows, try runShaped(arguments.map { $0.gather(rows) }, rowCount: rows.count))
            }, rowCount: rowCount)
    }

    /// Of rows whose arguments agree in shape.
    private func runShaped(_ arguments: [Column], rowCount: Int) throws -> WindowAnswers {
        counters.rows += rowCount
        let rows = (0..<rowCount).filter { row in !arguments.contains { $0.isNull(row) } }
        counters.nulls += rowCount - rows.count
        var (items, failures) = try makeItems(arguments, rows)
        let failedItems = Set(failures.map(\.row))
        let shares = options.sharesDuplicates && !trial.isOver
        if shares { answered = store.take(options.answerKey) }
        defer { if shares { giveBack() } }
        // Unique questions, in order of first appearance.
        var unique = UniqueItems(items, skipping: failedItems, answered: answered, sharing: shares)
        counters.duplicates += unique.sharedCount
        let ran = try runUnique(items, &unique, shares: shares)
        if shares { judge(items, unique, failed: failures.count) }
        failures += ran.failures.flatMap { answer, explanation in
            unique.answerOfItem.indices.filter { unique.answerOfItem[$0] == answer }
                .map { RowFailure(row: $0, explanation: explanation) }
        }
        var answerOfRow = [Int](repeating: -1, count: rowCount)
        for (item, answer) in unique.answerOfItem.enumerated() where ran.failures[answer] == nil {
            answerOfRow[rows[item]] = answer
        }
        failures = failures.map { RowFailure(row: rows[$0.row], explanation: $0.explanation) }
            .sorted { $0.row < $1.row }
        counters.failures += failures.count
        return WindowAnswers(outputs: ran.outputs, answerOfRow: answerOfRow, failures: failures)
    }

    private func giveBack() {
        let table = answered
        answered = AnswerTable(byteLimit: 0)
        store.giveBack(options.answerKey, table)
    }

    /// Counts what looking for equal rows has found, and whether to go on.
    private func judge(_ items: InferItems, _ unique: UniqueItems, failed: Int) {
        counters.compared += items.rowCount - failed
        profile.note(.shareDuplicates, unique.sharedCount)
        profile.note(.shareAnswers, unique.remembered.count)
        guard options.stopsSharing, counters.rowsRun > 0 else { return }
        trial.note(
            rows: items.rowCount, shared: unique.sharedCount, bytes: items.byteCount,
            flops: Double(counters.flops) / Double(counters.rowsRun))
        if trial.isOver { profile.note(.stopSharing) }
    }

    // MARK: Questions

    private func makeItems(_ arguments: [Column], _ rows: [Int]) throws -> (InferItems, [RowFailure]) {
        guard let text = program.text else {
            let (tensors, failures) = try program.argumentTensors(arguments, rows)
            return (.tensors(tensors, rowCount: rows.count), failures)
        }
        let start = monotonicSeconds()
        let result = try text.encode(arguments, rows: rows, pool: pool)
        counters.tokenizeSeconds += monotonicSeconds() - start
        counters.truncated += result.truncatedRowCount
        return (.text(result.tokens), result.failures)
    }

    // MARK: Answers

    private struct Ran {
        var outputs: [Answers]
        var failures: [Int: Explanation]
    }

    private func runUnique(_ items: InferItems, _ unique: inout UniqueItems, shares: Bool) throws -> Ran {
        let asked = unique.asked
        guard !asked.isEmpty || !unique.remembered.isEmpty else { return Ran(outputs: [], failures: [:]) }
        let plan = BatchPlan(
            lengths: asked.map(items.length), policy: options.batch(program), threads: pool.threadCount,
            equalLengths: program.layout == .rectangle && (!options.allowsPadding || program.keepsLengthsApart))
        let sink = AnswerSink(answerCount: asked.count + unique.remembered.count, kinds: program.kinds)
        for (offset, place) in unique.remembered.enumerated() {
            try sink.copy(answered.answers(of: place.window), row: place.answer, to: asked.count + offset)
        }
        let start = monotonicSeconds()
        let ran = try batches.run(plan, items, asked: asked, into: sink, pool: pool)
        counters.add(ran.counters)
        counters.runSeconds += (monotonicSeconds() - start) * Double(pool.threadCount)
        let outputs = sink.answers
        if shares, ran.failures.isEmpty, !asked.isEmpty {
            answered.add(items, askedBy: asked, keys: unique.askedKeys, answers: outputs)
        }
        return Ran(outputs: outputs, failures: ran.failures)
    }
}
