import MartletData
import MartletGraph
import MartletSupport
import MartletTensor
import Synchronization

/// Runs a region whose model hands state from row to row of a stream.
///
/// A window's streams are dealt out to lanes, which run at the same time; step t of a lane is the t-th row that each of its
/// streams has in the window, in as few batches as the policy allows. States stay from window to window.
final class RecurrentRunner: RegionRunner {
    private let program: RegionProgram
    private let options: InferOptions
    private let pool: ThreadPool
    private let batches: RecurrentBatches
    private let states: StreamStates
    private let meter: ProgressMeter?
    /// Streams that a lane has at least where there are several: with fewer, threads work inside of one batch.
    private static let laneStreams = 16
    private var streams = GroupTable()
    private(set) var counters = InferCounters()

    init(
        program: RegionProgram, states: StreamStates, options: InferOptions, pool: ThreadPool,
        cancellation: CancellationFlag, meter: ProgressMeter? = nil
    ) {
        self.program = program
        self.options = options
        self.pool = pool
        self.states = states
        self.meter = meter
        batches = RecurrentBatches(program: program, states: states, options: options, cancellation: cancellation)
    }

    func run(_ arguments: [Column], streams key: Column?, rowCount: Int) throws -> WindowAnswers {
        counters.rows += rowCount
        let rows = (0..<rowCount).filter { row in !arguments.contains { $0.isNull(row) } }
        counters.nulls += rowCount - rows.count
        let streamOfRow = streams.assign(key.map { [$0] } ?? [], rowCount: rowCount)
        try states.reserve(streams.count)
        counters.streams = streams.count
        let (tensors, unfit) = try program.argumentTensors(arguments, rows)
        let isUnfit = Set(unfit.map(\.row))
        var queues: [Int: Int] = [:]
        var pending: [RecurrentBatches.Queue] = []
        for item in rows.indices where !isUnfit.contains(item) {
            let stream = streamOfRow[rows[item]]
            let queue = queues[stream] ?? pending.count
            if queue == pending.count {
                queues[stream] = queue
                pending.append(RecurrentBatches.Queue(stream: stream, items: []))
            }
            pending[queue].items.append(item)
        }
        let sink = AnswerSink(answerCount: rows.count, kinds: program.kinds)
        let start = monotonicSeconds()
        let ran = try runLanes(pending, tensors, into: sink)
        counters.runSeconds += (monotonicSeconds() - start) * Double(pool.threadCount)
        counters.add(ran.counters)
        counters.steps += pending.map(\.items.count).max() ?? 0
        let failures = (unfit + ran.failures.map { RowFailure(row: $0, explanation: $1) })
            .map { RowFailure(row: rows[$0.row], explanation: $0.explanation) }.sorted { $0.row < $1.row }
        counters.failures += failures.count
        var answerOfRow = [Int](repeating: -1, count: rowCount)
        for (item, row) in rows.enumerated() where !isUnfit.contains(item) && ran.failures[item] == nil {
            answerOfRow[row] = item
        }
        return WindowAnswers(outputs: sink.answers, answerOfRow: answerOfRow, failures: failures)
    }

    private struct Shared: @unchecked Sendable {
        var outcome = RecurrentBatches.Outcome()
        var error: (any Error)?
    }

    private func runLanes(
        _ pending: [RecurrentBatches.Queue], _ tensors: [Tensor], into sink: AnswerSink
    ) throws -> RecurrentBatches.Outcome {
        let rowLimit =
            switch options.batch(program) {
            case .rows(let rows), .tokens(let rows): max(1, rows)
            case .auto: BatchPolicy.autoRows
            }
        let needed = (pending.count + rowLimit - 1) / rowLimit
        let worthwhile = min(pool.threadCount, pending.count / Self.laneStreams)
        let lanes = Self.deal(pending, into: max(1, needed, worthwhile))
        let inner = lanes.count == 1 ? pool : nil
        meter?.beginWindow(rows: sink.answerCount, work: sink.answerCount)
        let shared = Mutex(Shared())
        pool.parallelFor(lanes.count) { [batches, meter] number in
            guard shared.withLock({ $0.error == nil }) else { return }
            do {
                let outcome = try batches.run(lanes[number], tensors, into: sink, pool: inner, meter: meter)
                shared.withLock { $0.outcome.add(outcome) }
            } catch {
                shared.withLock { if $0.error == nil { $0.error = error } }
            }
        }
        return try shared.withLock { state in
            if let error = state.error { throw error }
            return state.outcome
        }
    }

    /// Lanes of about equal work, streams with most rows first in each, so that those still running are a prefix.
    private static func deal(_ pending: [RecurrentBatches.Queue], into count: Int) -> [[RecurrentBatches.Queue]] {
        let order = pending.indices.sorted { (pending[$1].items.count, $0) < (pending[$0].items.count, $1) }
        var lanes = [[RecurrentBatches.Queue]](repeating: [], count: min(count, pending.count))
        for (place, index) in order.enumerated() { lanes[place % lanes.count].append(pending[index]) }
        return lanes
    }
}
