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

/// What a run may take.
package struct RunLimits: Sendable {
    /// Rounds of one loop.
    package var iterations: Int
    /// Bytes of the tensors that one run makes; the process's own limit (`TensorMemory`) holds beside it.
    package var memory: Int

    package init(iterations: Int = 1_000_000, memory: Int = .max) {
        self.iterations = iterations
        self.memory = memory
    }

    /// For work on constants before a model runs, where nobody waits for a loop that does not end.
    package static let folding = RunLimits(iterations: 1_000)
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

    private var slots: [TensorStorage?] = []
    private var scratchStorage: TensorStorage?
    /// Bytes of the slots and of scratch memory.
    private var heldBytes = 0
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
            nested[ObjectIdentifier(body)] = inner
        }
        inner.pool = pool
        inner.cancellation = cancellation
        inner.limits = limits
        inner.outerSymbols = symbols
        let before = inner.flops
        defer { flops += inner.flops - before }
        return try body.run(inputs, inner)
    }

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
        guard slot >= 0 else {
            try admit(bytes)
            return try Tensor(dtype, shape: shape)
        }
        let storage: TensorStorage
        if let kept = slots[slot], kept.byteCount >= bytes {
            storage = kept
        } else {
            heldBytes -= slots[slot]?.byteCount ?? 0
            slots[slot] = nil
            try admit(bytes)
            storage = try TensorStorage(limited: bytes)
            slots[slot] = storage
            heldBytes += bytes
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
        heldBytes -= scratchStorage?.byteCount ?? 0
        scratchStorage = nil
        try admit(byteCount)
        let storage = try TensorStorage(limited: byteCount)
        scratchStorage = storage
        heldBytes += byteCount
        return storage.base
    }

    /// Throws `TensorError.memoryLimit` if so many bytes more would be over this run's limit.
    private func admit(_ bytes: Int) throws {
        guard bytes <= limits.memory - min(heldBytes, limits.memory) else {
            throw TensorError.memoryLimit(bytes: bytes, used: heldBytes, limit: limits.memory)
        }
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

    func enter(outputSlots: ArraySlice<Int>, prepared: AnyObject?, name: String) {
        self.outputSlots = outputSlots
        self.prepared = prepared
        nodeName = name
    }
}
