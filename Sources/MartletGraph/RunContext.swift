import MartletSupport
import MartletTensor
import Synchronization

/// Set from any thread to stop a query; looked at between steps.
package final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    package init() {}
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }
    package func cancel() { flag.store(true, ordering: .relaxed) }
}

/// One worker's arena: what a compiled graph runs in. Not for use by two threads at once.
///
/// Slots grow to the largest batch that was run and are kept, so that warm runs allocate nothing but graph outputs.
package final class RunContext {
    /// Threads for loops inside an op; nil when this worker is itself one of many.
    package var pool: ThreadPool?
    package var cancellation: CancellationFlag?
    /// Called after each step with what it ran and made: for profiles.
    package var onStep: ((Graph.Node, [Tensor]) -> Void)?
    /// Sum of `GraphOp.flops` over all runs.
    package internal(set) var flops = 0
    /// Blocks that the arena had to make or to enlarge, over all runs.
    package private(set) var allocations = 0

    private var slots: [TensorStorage?] = []
    private var scratchStorage: TensorStorage?
    private var arena = ArenaSize()
    /// Of the run that is going on, or was.
    private(set) var meter = RunMeter(RunLimits(), arenaBytes: 0)
    private var keptStrings: [TensorStorage] = []
    /// Arenas of the bodies that ops of this graph run.
    private var nested: [ObjectIdentifier: RunContext] = [:]
    /// What symbols stand for in the graph around, for a body's run.
    var outerSymbols: [String: Int] = [:]
    package var limits: RunLimits
    /// Slots of the node that is being run; -1 for memory that is given away.
    private var outputSlots: ArraySlice<Int> = []
    /// What `prepare` made for the node that is being run.
    package internal(set) var prepared: AnyObject?
    /// The node's name, for errors.
    package internal(set) var nodeName = ""
    /// What the symbols of the graph's input types stand for in this run.
    package internal(set) var symbols: [String: Int] = [:]

    package init(pool: ThreadPool? = nil, cancellation: CancellationFlag? = nil, limits: RunLimits = RunLimits()) {
        self.pool = pool
        self.cancellation = cancellation
        self.limits = limits
    }

    /// Runs a body of the op that is being run. Results may be inputs: see `detached`.
    ///
    /// Throws what `CompiledGraph.run` throws.
    func runBody(_ body: CompiledGraph, _ inputs: [Tensor]) throws -> [Tensor] {
        let inner: RunContext
        if let known = nested[ObjectIdentifier(body)] {
            inner = known
        } else {
            inner = RunContext()
            inner.arena = arena
            nested[ObjectIdentifier(body)] = inner
        }
        inner.pool = pool
        inner.cancellation = cancellation
        inner.limits = limits
        inner.meter = meter
        inner.outerSymbols = symbols
        let before = (inner.flops, inner.allocations)
        defer {
            flops += inner.flops - before.0
            allocations += inner.allocations - before.1
        }
        return try body.runSteps(inputs, inner)
    }

    /// Starts to count what a run takes.
    func beginRun() { meter = RunMeter(limits, arenaBytes: arena.bytes) }

    /// Results of bodies for an op to give away: those that share memory with its inputs are copied, as the plan may use
    /// that memory again.
    func detached(_ results: [Tensor], from inputs: [Tensor?]) -> [Tensor] {
        results.map { result in inputs.contains { $0?.storage === result.storage } ? result.copied() : result }
    }

    func checkCancellation() throws { if cancellation?.isCancelled ?? false { throw GraphError.cancelled } }

    /// Uninitialised memory for output `index` of the node that is being run. Throws `TensorError`.
    package func output(_ index: Int = 0, _ dtype: DType, _ shape: [Int]) throws -> Tensor {
        let bytes = try Tensor.byteCount(dtype, shape: shape)
        let slot = index < outputSlots.count ? outputSlots[outputSlots.startIndex + index] : -1
        guard slot >= 0 else { return try Tensor(dtype, shape: shape) }
        let storage: TensorStorage
        if let kept = slots[slot], kept.byteCount >= bytes {
            storage = kept
        } else {
            release(slots[slot])
            slots[slot] = nil
            storage = try arenaMemory(bytes)
            slots[slot] = storage
        }
        let tensor = Tensor(dtype, shape: shape, storage: storage)
        tensor.clearHandles()
        return tensor
    }

    /// Holds the strings of an op's result until the run ends: handles to them may be copied anywhere.
    func keepStrings(of tensor: Tensor) {
        if tensor.storage.ownsStrings { keptStrings.append(tensor.storage) }
    }

    func forgetStrings() { keptStrings.removeAll(keepingCapacity: true) }

    /// Working memory of at least `byteCount` bytes, 64-byte aligned, valid until the op returns or asks again. Throws
    /// `TensorError.memoryLimit`.
    package func scratch(byteCount: Int) throws -> UnsafeMutableRawPointer {
        if let storage = scratchStorage, storage.byteCount >= byteCount { return storage.base }
        release(scratchStorage)
        scratchStorage = nil
        let storage = try arenaMemory(byteCount)
        scratchStorage = storage
        return storage.base
    }

    /// Memory that stays for later runs: an eighth more than is asked for where there is that much, as batches of about one size are
    /// of a few elements more or less. Throws `TensorError.memoryLimit`.
    private func arenaMemory(_ bytes: Int) throws -> TensorStorage {
        let roomy = bytes < 1 << 40 ? bytes + bytes / 8 : bytes
        let made = try (try? TensorStorage(limited: roomy)) ?? TensorStorage(limited: bytes)
        arena.bytes += made.byteCount
        allocations += 1
        return made
    }

    /// Takes memory that is about to be freed off the arena; that of an earlier run was counted when this one began.
    private func release(_ storage: TensorStorage?) {
        guard let storage else { return }
        arena.bytes -= storage.byteCount
        if let account = meter.account, !storage.isCharged(to: account) { account.remove(storage.byteCount) }
    }

    /// Runs `body` over `0..<count`, on the pool if there is one.
    package func parallelFor(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        if let pool, count > 1 {
            pool.parallelFor(count, body)
        } else {
            for index in 0..<count { body(index) }
        }
    }

    /// Runs `body` over ranges that cover `0..<count`, on the pool if there is one and the work is worth it.
    ///
    /// - Parameter work: cost of one row, in floating-point operations or so.
    package func parallelRows(_ count: Int, work: Int, _ body: @escaping (Range<Int>) -> Void) {
        let threads = pool?.threadCount ?? 1
        let (total, overflow) = count.multipliedReportingOverflow(by: max(work, 1))
        guard threads > 1, count > 1, overflow || total > 100_000 else {
            if count > 0 { body(0..<count) }
            return
        }
        let pieces = min(count, threads * 4)
        let share = SharedBody(call: body)
        parallelFor(pieces) { piece in
            share.call(count * piece / pieces..<count * (piece + 1) / pieces)
        }
    }

    /// A loop's body on its way to other threads; the loop ends before its caller goes on.
    private struct SharedBody: @unchecked Sendable {
        let call: (Range<Int>) -> Void
    }

    package func invalid(_ op: any GraphOp, _ inputs: [Tensor?], _ reason: String) -> GraphError {
        .invalidInput(op: type(of: op).name, node: nodeName, shapes: inputs.map { $0?.shape }, reason: reason)
    }

    /// The numbers that dimensions stand for in this run; nil if one is unknown, not bound, or overflows.
    package func resolve(_ dims: [Dim]) -> [Int]? {
        var result: [Int] = []
        result.reserveCapacity(dims.count)
        for dim in dims {
            guard let product = DimProduct(dim) else { return nil }
            var value = product.coefficient
            for symbol in product.symbols {
                guard let factor = symbols[symbol] else { return nil }
                let (next, overflow) = value.multipliedReportingOverflow(by: factor)
                guard !overflow else { return nil }
                value = next
            }
            result.append(value)
        }
        return result
    }

    func reserveSlots(_ count: Int) {
        if slots.count < count { slots += [TensorStorage?](repeating: nil, count: count - slots.count) }
    }

    /// Runs one op, and counts what it takes. Throws what the op throws; errors about memory name the node.
    func run(
        _ op: any GraphOp, _ operands: [Tensor?], outputSlots: ArraySlice<Int>, prepared: AnyObject?, name: String
    ) throws -> [Tensor] {
        enter(outputSlots: outputSlots, prepared: prepared, name: name)
        let foreseen = meter.limitsWork ? op.foreseenWork(operands) : 0
        if let foreseen, meter.limitsWork { try meter.charge(foreseen, op: type(of: op).name, node: name) }
        let results: [Tensor]
        do {
            results = try op.run(operands, self)
        } catch let error as TensorError {
            throw GraphError.tensor(op: type(of: op).name, node: name, error)
        }
        let work = op.flops(operands.map { $0?.shape }, outputs: results.map(\.shape))
        flops += work
        let made = results.reduce(0) { $0 + $1.count }
        if foreseen == nil { try meter.charge(max(work, made), op: type(of: op).name, node: name) }
        return results
    }

    /// Runs an op that is part of no graph. Throws as `run` does.
    func runAlone(_ op: any GraphOp, _ operands: [Tensor?], prepared: AnyObject?, name: String) throws -> [Tensor] {
        beginRun()
        return try TensorAccount.charging(meter.account) {
            try run(op, operands, outputSlots: [], prepared: prepared, name: name)
        }
    }

    /// Takes what the last run cost off what later runs may cost.
    package func shareWork() {
        if limits.work != .max { limits.work = max(0, limits.work - meter.work) }
    }

    private func enter(outputSlots: ArraySlice<Int>, prepared: AnyObject?, name: String) {
        self.outputSlots = outputSlots
        self.prepared = prepared
        nodeName = name
    }
}
