import MartletSupport
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Under ThreadSanitizer these also show that what a loop wrote is visible to its caller.
@Suite struct ThreadPoolTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 3, 7, 64, 1_000, 20_000])
    func `each index runs exactly once`(threads: Int, count: Int) {
        let pool = ThreadPool(threadCount: threads)
        let runs = Counts(count)
        for _ in 0..<3 { pool.parallelFor(count) { runs.cells[$0] += 1 } }
        #expect(runs.cells.allSatisfy { $0 == 3 })
    }

    @Test(arguments: [(-5, 1), (0, 1), (1, 1), (2, 2), (5, 5)])
    func `a pool has at least its caller`(asked: Int, threads: Int) {
        #expect(ThreadPool(threadCount: asked).threadCount == threads)
    }

    @Test func `a negative count runs nothing`() {
        ThreadPool(threadCount: 2).parallelFor(-1) { _ in Issue.record("an iteration ran") }
    }

    @Test func `every thread takes part`() {
        let pool = ThreadPool(threadCount: 4)
        let arrived = Shared()
        // Each iteration waits for all others: fewer threads than iterations could not end this loop.
        pool.parallelFor(4) { _ in
            arrived.value.add(1, ordering: .relaxed)
            while arrived.value.load(ordering: .relaxed) < 4 { sched_yield() }
        }
        #expect(arrived.value.load(ordering: .relaxed) == 4)
    }

    @Test func `a loop inside a loop runs serially on its thread`() {
        let pool = ThreadPool(threadCount: 4)
        let other = ThreadPool(threadCount: 2)
        let rows = Cells([[Int]](repeating: [], count: 100))
        let strangers = Cells([Int](repeating: 0, count: 100))
        pool.parallelFor(100) { row in
            let thread = pthread_self()
            for inner in [pool, other] {
                inner.parallelFor(50) { column in
                    rows.cells[row].append(column)
                    if pthread_equal(thread, pthread_self()) == 0 { strangers.cells[row] += 1 }
                }
            }
        }
        let inOrder = Array(0..<50) + Array(0..<50)
        #expect(rows.cells.allSatisfy { $0 == inOrder })
        #expect(strangers.cells.allSatisfy { $0 == 0 })
    }

    @Test func `the mark of being inside a loop ends with it`() {
        let pool = ThreadPool(threadCount: 2)
        let inside = Counts(8)
        #expect(!pool.isInsideLoop)
        pool.parallelFor(8) { inside.cells[$0] = pool.isInsideLoop ? 1 : 0 }
        #expect(inside.cells.allSatisfy { $0 == 1 })
        #expect(!pool.isInsideLoop)
    }

    @Test func `two threads run loops of one pool at the same time`() {
        let pool = ThreadPool(threadCount: 3)
        let sums = Counts(2)
        let callers = (0..<2).map { caller in
            Caller {
                for round in 0..<300 {
                    let count = 1 + (round * 7 + caller) % 97
                    let runs = Counts(count)
                    pool.parallelFor(count) { runs.cells[$0] += $0 + 1 }
                    sums.cells[caller] += runs.cells.reduce(0, +) - count * (count + 1) / 2
                }
            }
        }
        for caller in callers { caller.join() }
        #expect(sums.cells[0] == 0 && sums.cells[1] == 0)
    }

    @Test func `loops after a pause find sleeping threads`() {
        let pool = ThreadPool(threadCount: 3)
        for round in 0..<20 {
            let runs = Counts(50)
            usleep(2_000)
            pool.parallelFor(50) { runs.cells[$0] += 1 }
            #expect(runs.cells.allSatisfy { $0 == 1 }, "round \(round)")
        }
    }

    @Test func `pools come and go`() {
        let total = Shared()
        for round in 0..<300 {
            let pool = ThreadPool(threadCount: 1 + round % 5)
            // Some pools end before their threads have run, some right after a loop.
            if round % 3 != 0 { pool.parallelFor(10) { total.value.add($0, ordering: .relaxed) } }
        }
        #expect(total.value.load(ordering: .relaxed) == 200 * 45)
    }

    /// A worker that still holds the loop's body may be the last to hold the pool: it must not wait for itself.
    @Test func `a pool may end on one of its own threads`() {
        for _ in 0..<300 {
            let pool = ThreadPool(threadCount: 4)
            pool.parallelFor(4) { _ in precondition(pool.isInsideLoop) }
        }
    }
}

/// Plain memory that a loop writes without locks, each cell from one iteration.
private final class Cells<Element>: @unchecked Sendable {
    let cells: UnsafeMutableBufferPointer<Element>

    init(_ elements: [Element]) {
        cells = .allocate(capacity: elements.count)
        _ = cells.initialize(from: elements)
    }

    deinit {
        cells.deinitialize()
        cells.deallocate()
    }
}

private typealias Counts = Cells<Int>

extension Cells where Element == Int {
    fileprivate convenience init(_ count: Int) { self.init([Int](repeating: 0, count: count)) }
}

private final class Shared: Sendable {
    let value = Atomic<Int>(0)
}

/// A thread of its own, which starts at once.
private final class Caller {
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Body(run: body))
        let status = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        precondition(status == 0, "no thread could be started")
    }

    func join() { pthread_join(thread, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
