import MartletExecutor
import Testing

/// Every item is in exactly one batch, whatever the policy, and each policy keeps its limit.
@Suite struct BatchPlanTests {
    static let lengths = (0..<500).map { ($0 * 7_919) % 97 + 1 }

    @Test(arguments: [BatchPolicy.auto, .rows(1), .rows(7), .rows(64), .tokens(1), .tokens(300), .tokens(100_000)])
    func everyItemOnce(_ policy: BatchPolicy) {
        for equal in [false, true] {
            let plan = BatchPlan(lengths: Self.lengths, policy: policy, threads: 2, equalLengths: equal)
            #expect(plan.batches.flatMap { $0 }.sorted() == Array(0..<500))
            #expect(plan.batches.allSatisfy { !$0.isEmpty })
        }
    }

    @Test func longestFirst() {
        let plan = BatchPlan(lengths: Self.lengths, policy: .rows(10), threads: 1, equalLengths: false)
        let order = plan.batches.flatMap { $0 }.map { Self.lengths[$0] }
        #expect(order == Self.lengths.sorted(by: >))
    }

    @Test func rowsAndTokensAreLimits() {
        let rows = BatchPlan(lengths: Self.lengths, policy: .rows(7), threads: 1, equalLengths: false)
        #expect(rows.batches.allSatisfy { $0.count <= 7 })
        #expect(rows.batches.count == 72)
        let tokens = BatchPlan(lengths: Self.lengths, policy: .tokens(300), threads: 1, equalLengths: false)
        #expect(tokens.batches.allSatisfy { $0.count == 1 || $0.reduce(0) { $0 + Self.lengths[$1] } <= 300 })
    }

    @Test func aLongItemIsABatchOfItsOwn() {
        let plan = BatchPlan(lengths: [5, 900, 5], policy: .tokens(100), threads: 1, equalLengths: false)
        #expect(plan.batches == [[1], [0, 2]])
    }

    @Test func equalLengthsAreNotMixed() {
        let plan = BatchPlan(lengths: Self.lengths, policy: .auto, threads: 2, equalLengths: true)
        #expect(plan.batches.allSatisfy { Set($0.map { Self.lengths[$0] }).count == 1 })
    }

    @Test func everyThreadGetsABatch() {
        let plan = BatchPlan(lengths: [10, 10, 10, 10], policy: .auto, threads: 4, equalLengths: false)
        #expect(plan.batches.count == 4)
    }

    @Test func theLastBatchesAreSmall() {
        let lengths = [Int](repeating: 16, count: 2000)
        let sizes = BatchPlan(lengths: lengths, policy: .auto, threads: 2, equalLengths: false).batches.map {
            $0.count * 16
        }
        #expect(sizes.first == 1024 && sizes.last ?? 0 <= 128)
        #expect(sizes == sizes.sorted(by: >))
        // What is left when a batch begins is at least two of its size for each thread, or the least size.
        for index in sizes.indices { #expect(sizes[index] <= max(128, sizes[index...].reduce(0, +) / 4)) }
        let alone = BatchPlan(lengths: lengths, policy: .auto, threads: 1, equalLengths: false).batches
        #expect(alone.dropLast().allSatisfy { $0.count == 64 })
    }

    @Test func nothingGivesNothing() {
        #expect(BatchPlan(lengths: [], policy: .auto, threads: 2, equalLengths: false).batches.isEmpty)
    }
}
