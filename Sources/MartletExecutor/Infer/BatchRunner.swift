import MartletGraph
import MartletSupport
import MartletTensor
import Synchronization

/// Runs batches of one region's graph on the threads of a pool; each thread has an arena of its own.
final class BatchRunner: Sendable {
    private let program: RegionProgram
    private let options: InferOptions
    private let meter: ProgressMeter?
    private let contexts: ContextPool

    init(program: RegionProgram, options: InferOptions, cancellation: CancellationFlag, meter: ProgressMeter? = nil) {
        self.program = program
        self.options = options
        contexts = ContextPool(cancellation, options.limits)
        self.meter = meter
    }

    struct Outcome {
        var counters: InferCounters
        /// Why answers failed, by their number.
        var failures: [Int: Explanation]
    }

    private struct Shared: @unchecked Sendable {
        var counters = InferCounters()
        var failures: [Int: Explanation] = [:]
        var error: (any Error)?
    }

    /// Runs all batches of `plan`, whose entries are indexes into `asked`, and puts answer `i` into row `i` of `sink`.
    ///
    /// One batch alone gets all threads for itself; several share them. Throws `GraphError.cancelled`.
    func run(
        _ plan: BatchPlan, _ items: InferItems, asked: [Int], into sink: AnswerSink, pool: ThreadPool
    ) throws -> Outcome {
        let inner = plan.batches.count == 1 ? pool : nil
        meter?.beginWindow(rows: items.rowCount, work: asked.reduce(0) { $0 + items.length($1) })
        let shared = Mutex(Shared())
        pool.parallelFor(plan.batches.count) { [self] number in
            guard shared.withLock({ $0.error == nil }) else { return }
            do {
                let work = Work(items: items, asked: asked, sink: sink, context: contexts.take(inner))
                defer { contexts.giveBack(work.context) }
                let batch = plan.batches[number]
                let outcome = try run(batch, work)
                meter?.finish(work: batch.reduce(0) { $0 + items.length(asked[$1]) })
                shared.withLock {
                    $0.counters.add(outcome.counters)
                    $0.failures.merge(outcome.failures) { first, _ in first }
                }
            } catch {
                shared.withLock { if $0.error == nil { $0.error = error } }
            }
        }
        return try shared.withLock { state in
            if let error = state.error { throw error }
            return Outcome(counters: state.counters, failures: state.failures)
        }
    }

    private struct Work {
        let items: InferItems
        let asked: [Int]
        let sink: AnswerSink
        let context: RunContext
    }

    /// Runs one batch. If it fails it is cut in halves until single rows are left, which are the failures.
    private func run(_ batch: [Int], _ work: Work) throws -> Outcome {
        if let fixed = program.fixedBatch, batch.count > fixed {
            return try runParts(
                stride(from: 0, to: batch.count, by: fixed).map { batch[$0..<min($0 + fixed, batch.count)] }, work)
        }
        do {
            var counted = InferCounters()
            let (flopsBefore, allocationsBefore) = (work.context.flops, work.context.allocations)
            let rows = batch.map { work.asked[$0] }
            let inputs = try program.inputs(work.items, rows: rows, padding: options.padding)
            let outputs = try program.graph.run(inputs.tensors, work.context)
            try work.sink.scatter(outputs, to: batch, inputs.sequences)
            counted.batches = 1
            counted.rowsRun = batch.count
            counted.tokens = program.layout == .tensors ? 0 : rows.reduce(0) { $0 + work.items.length($1) }
            counted.paddingTokens = inputs.paddingTokens
            counted.flops = work.context.flops - flopsBefore
            counted.allocations = work.context.allocations - allocationsBefore
            return Outcome(counters: counted, failures: [:])
        } catch GraphError.cancelled {
            throw GraphError.cancelled
        } catch {
            guard batch.count > 1 else {
                return Outcome(counters: InferCounters(), failures: [batch[0]: Explanation(of: error)])
            }
            let middle = batch.count / 2
            return try runParts([batch[..<middle], batch[middle...]], work)
        }
    }

    private func runParts(_ parts: [ArraySlice<Int>], _ work: Work) throws -> Outcome {
        var total = Outcome(counters: InferCounters(), failures: [:])
        for part in parts {
            let outcome = try run(Array(part), work)
            total.counters.add(outcome.counters)
            total.failures.merge(outcome.failures) { first, _ in first }
        }
        return total
    }
}
