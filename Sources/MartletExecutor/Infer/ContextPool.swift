import MartletGraph
import MartletSupport
import Synchronization

/// Arenas at rest: a thread takes one for a piece of work and gives it back warm.
final class ContextPool: Sendable {
    private let cancellation: CancellationFlag
    private let limits: RunLimits
    private let resting = Mutex<[Box]>([])

    /// A context is used by one thread at a time; the box lets it rest in a shared list.
    private struct Box: @unchecked Sendable { let context: RunContext }

    init(_ cancellation: CancellationFlag, _ limits: RunLimits) {
        self.cancellation = cancellation
        self.limits = limits
    }

    /// - Parameter pool: threads for loops inside ops.
    func take(_ pool: ThreadPool?) -> RunContext {
        let context =
            resting.withLock { $0.popLast() }?.context ?? RunContext(cancellation: cancellation, limits: limits)
        context.pool = pool
        return context
    }

    func giveBack(_ context: RunContext) {
        let box = Box(context: context)
        resting.withLock { $0.append(box) }
    }
}
