import MartletGraph
import MartletSupport
import MartletTensor
import Synchronization

/// Steps of a recurrent graph: a batch has one row of each of some streams, and leaves the state of each in its place.
final class RecurrentBatches: Sendable {
    /// The rows of one stream, in order.
    struct Queue: Sendable {
        var stream: Int
        var items: [Int]
    }

    struct Outcome {
        var counters = InferCounters()
        /// Why items failed.
        var failures: [Int: Explanation] = [:]

        mutating func add(_ other: Outcome) {
            counters.add(other.counters)
            failures.merge(other.failures) { first, _ in first }
        }
    }

    private let program: RegionProgram
    private let states: StreamStates
    private let contexts: ContextPool

    init(program: RegionProgram, states: StreamStates, options: InferOptions, cancellation: CancellationFlag) {
        self.program = program
        self.states = states
        contexts = ContextPool(cancellation, options.limits)
    }

    /// Runs a lane to its end, step by step. Queues are ordered by falling length. Throws `GraphError.cancelled`.
    func run(
        _ lane: [Queue], _ arguments: [Tensor], into sink: AnswerSink, pool: ThreadPool?, meter: ProgressMeter?
    ) throws -> Outcome {
        let context = contexts.take(pool)
        defer { contexts.giveBack(context) }
        var total = Outcome()
        var active = lane[...]
        for step in 0..<(lane.first?.items.count ?? 0) {
            while let last = active.last, last.items.count <= step { active.removeLast() }
            total.add(
                try run(
                    active.map { (item: $0.items[step], stream: $0.stream) }, arguments, sink: sink, context: context))
            meter?.finish(work: active.count)
        }
        return total
    }

    private typealias Row = (item: Int, stream: Int)

    /// Runs one batch. If it fails it is cut in halves until single rows are left; those that fail keep their state.
    private func run(
        _ rows: [Row], _ arguments: [Tensor], sink: AnswerSink, context: RunContext
    ) throws -> Outcome {
        if let fixed = program.fixedBatch, rows.count > fixed {
            return try runParts(
                stride(from: 0, to: rows.count, by: fixed).map { rows[$0..<min($0 + fixed, rows.count)] }, arguments,
                sink: sink, context: context)
        }
        do {
            let streams = rows.map(\.stream)
            let items = rows.map(\.item)
            let inputs = try program.feeds.map { feed -> Tensor in
                switch feed {
                case .argument(let number): return try RegionProgram.gatherRows(arguments[number], items)
                case .state(let number): return try states.gather(number, streams)
                default: preconditionFailure("bug: a text feed in a recurrent model")
                }
            }
            let (flopsBefore, allocationsBefore) = (context.flops, context.allocations)
            let outputs = try program.graph.run(inputs, context)
            let next = outputs.suffix(program.stateCount)
            try states.check(next, streams: streams.count)
            try sink.scatter(Array(outputs.dropLast(program.stateCount)), to: items)
            states.scatter(next, to: streams)
            var counted = InferCounters()
            counted.batches = 1
            counted.rowsRun = rows.count
            counted.flops = context.flops - flopsBefore
            counted.allocations = context.allocations - allocationsBefore
            return Outcome(counters: counted)
        } catch GraphError.cancelled {
            throw GraphError.cancelled
        } catch {
            guard rows.count > 1 else {
                return Outcome(failures: [rows[0].item: Explanation(of: error)])
            }
            let middle = rows.count / 2
            return try runParts([rows[..<middle], rows[middle...]], arguments, sink: sink, context: context)
        }
    }

    private func runParts(
        _ parts: [ArraySlice<Row>], _ arguments: [Tensor], sink: AnswerSink, context: RunContext
    ) throws -> Outcome {
        var total = Outcome()
        for part in parts { total.add(try run(Array(part), arguments, sink: sink, context: context)) }
        return total
    }
}
