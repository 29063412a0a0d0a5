import CProcessor
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A fixed set of threads that run the iterations of one parallel loop at a time; the caller takes part.
///
/// Loops do not nest: a loop started from inside a loop of any pool, or while another thread's loop is running on
/// this pool, runs serially on its caller. That keeps "parallel over batches" and "parallel inside one batch" from
/// ever fighting for cores.
package final class ThreadPool: @unchecked Sendable {
    /// Threads that take part in a loop, the caller included.
    package let threadCount: Int

    private let state: PoolState
    private let threads: [pthread_t]

    /// Starts `threadCount - 1` threads; fewer where the system refuses to start more.
    package init(threadCount: Int) {
        let wanted = max(1, min(threadCount, 256))
        let state = PoolState()
        var threads: [pthread_t] = []
        for _ in 1..<max(wanted, 1) {
            guard let thread = startThread(state) else { break }
            threads.append(thread)
        }
        self.state = state
        self.threads = threads
        self.threadCount = threads.count + 1
    }

    deinit {
        state.stop()
        for thread in threads {
            // A pool thread that still holds a loop's body may be the last to hold the pool: it cannot wait for itself.
            if pthread_equal(thread, pthread_self()) != 0 { pthread_detach(thread) } else { pthread_join(thread, nil) }
        }
    }

    /// Runs `body` for each index in `0..<count`, in any order, each once; returns when all are done.
    ///
    /// Indexes are claimed one by one, so uneven work balances itself.
    package func parallelFor(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard count > 0 else { return }
        guard threadCount > 1, count > 1, !isInsideLoop, let job = state.start(count: count, body: body) else {
            for index in 0..<count { body(index) }
            return
        }
        job.work()
        state.finish(job)
    }

    /// True on a thread that is running an iteration of some pool's loop.
    package var isInsideLoop: Bool { insideLoop.value }
}

/// Whether the current thread is inside a loop's body.
private let insideLoop = ThreadFlag()

private final class ThreadFlag: @unchecked Sendable {
    private var key = pthread_key_t()
    init() { pthread_key_create(&key, nil) }
    var value: Bool {
        get { pthread_getspecific(key) != nil }
        set { pthread_setspecific(key, newValue ? UnsafeRawPointer(bitPattern: 1) : nil) }
    }
}

/// One parallel loop.
private final class PoolJob: Sendable {
    let count: Int
    let body: @Sendable (Int) -> Void
    private let next = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.body = body
    }

    var isDone: Bool { finished.load(ordering: .acquiring) == count }

    /// Claims and runs iterations until none is left. True if this call finished the last one.
    @discardableResult
    func work() -> Bool {
        insideLoop.value = true
        defer { insideLoop.value = false }
        var finishedLast = false
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return finishedLast }
            body(index)
            finishedLast = finished.add(1, ordering: .acquiringAndReleasing).newValue == count
        }
    }
}

/// What the pool's threads share. It outlives the pool until its threads are joined.
private final class PoolState: @unchecked Sendable {
    private var mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var job: PoolJob?
    private var isStopping = false
    /// Changes whenever `job` or `isStopping` does, so that idle threads can spin on it without the lock.
    private let generation = Atomic<Int>(0)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        pthread_cond_init(done, nil)
    }

    deinit {
        pthread_cond_destroy(done)
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(mutex)
        done.deallocate()
        wake.deallocate()
        mutex.deallocate()
    }

    /// Publishes a loop; nil if another one is running.
    func start(count: Int, body: @escaping @Sendable (Int) -> Void) -> PoolJob? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard job == nil else { return nil }
        let new = PoolJob(count: count, body: body)
        job = new
        generation.add(1, ordering: .releasing)
        pthread_cond_broadcast(wake)
        return new
    }

    /// Waits for the iterations that other threads still run, then withdraws the loop.
    func finish(_ finished: PoolJob) {
        spin { finished.isDone }
        pthread_mutex_lock(mutex)
        while !finished.isDone { pthread_cond_wait(done, mutex) }
        job = nil
        generation.add(1, ordering: .releasing)
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        pthread_mutex_lock(mutex)
        isStopping = true
        generation.add(1, ordering: .releasing)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(mutex)
    }

    /// A pool thread's life.
    func serve() {
        var seen = 0
        while true {
            spin { generation.load(ordering: .acquiring) != seen }
            pthread_mutex_lock(mutex)
            while generation.load(ordering: .relaxed) == seen { pthread_cond_wait(wake, mutex) }
            seen = generation.load(ordering: .relaxed)
            let current = job
            let stopping = isStopping
            pthread_mutex_unlock(mutex)
            if stopping { return }
            if let current, current.work() {
                pthread_mutex_lock(mutex)
                pthread_cond_broadcast(done)
                pthread_mutex_unlock(mutex)
            }
        }
    }
}

/// Waits a while, some 50 µs, for what comes soon: the next loop of a graph, the last iteration of this one.
///
/// It keeps its core. One that is yielded may be gone for milliseconds where other programs run, which is longer than most loops.
@inline(__always)
private func spin(until isReady: () -> Bool) {
    var spins = 0
    while spins < 2_000, !isReady() {
        processor_pause()
        spins += 1
    }
}

private func startThread(_ state: PoolState) -> pthread_t? {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(state)
    let result = pthread_create(
        &thread, nil,
        { raw in
            guard let raw else { return nil }
            Unmanaged<PoolState>.fromOpaque(raw).takeRetainedValue().serve()
            return nil
        }, context.toOpaque())
    guard result == 0 else {
        context.release()
        return nil
    }
    return thread
}
