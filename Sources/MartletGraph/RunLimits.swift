import MartletTensor

/// What a run may take.
package struct RunLimits: Sendable {
    /// Rounds of one loop.
    package var iterations: Int
    /// Bytes of the tensors that one run makes, its arena among them; the process's own limit (`TensorMemory`) holds beside it.
    package var memory: Int
    /// Floating-point operations and elements of all ops of a run, those in loops counted in each round. Looked at before
    /// an op runs where shapes tell what it will cost, and after it else.
    package var work: Int

    package init(iterations: Int = 1_000_000, memory: Int = .max, work: Int = .max) {
        self.iterations = iterations
        self.memory = memory
        self.work = work
    }

    /// For work on constants before a model runs, where nobody waits for a loop that does not end.
    package static let folding = RunLimits(iterations: 1_000, memory: 256 << 20, work: 1 << 28)
}

/// What one run has taken so far; bodies of its ops share it.
final class RunMeter {
    let limits: RunLimits
    /// Nil where memory is not limited.
    let account: TensorAccount?
    private(set) var work = 0

    /// An op costs at least so much: what it takes to call it.
    static let leastWork = 500

    init(_ limits: RunLimits, arenaBytes: Int) {
        self.limits = limits
        account = limits.memory == .max ? nil : TensorAccount(limit: limits.memory, used: arenaBytes)
    }

    var limitsWork: Bool { limits.work != .max }

    /// Throws `GraphError.tooMuchWork` if `amount` more would be too much; else counts it.
    func charge(_ amount: Int, op: String, node: String) throws {
        let (sum, overflow) = work.addingReportingOverflow(max(amount, Self.leastWork))
        guard !overflow, sum <= limits.work else {
            throw GraphError.tooMuchWork(op: op, node: node, limit: limits.work)
        }
        work = sum
    }
}

/// The bytes that a context and those of its bodies keep from run to run.
final class ArenaSize {
    var bytes = 0
}
