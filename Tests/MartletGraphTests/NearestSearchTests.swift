import MartletGraph
import MartletSupport
import MartletTensor
import Testing

/// Against measuring all pairs in double and sorting.
@Suite struct NearestSearchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var similarity: Similarity
        var documents: Int
        var queries: Int
        var size: Int
        var count: Int
        var testDescription: String { "\(similarity) \(documents)×\(size), \(queries) queries, \(count) nearest" }
    }

    static let cases = [Similarity.cosine, .dot, .l2].flatMap { similarity in
        [(1, 1, 1, 1), (700, 5, 3, 4), (1_500, 400, 17, 7), (40, 2, 384, 40), (600, 3, 8, 1_000), (513, 193, 2, 1)].map
        {
            Case(similarity: similarity, documents: $0.0, queries: $0.1, size: $0.2, count: $0.3)
        }
    }

    /// Few different numbers, so that many documents are equal, and among them what fp32 does not hold.
    private func rows(_ count: Int, _ size: Int, seed: UInt64, odd: Bool) -> [[Float]] {
        var state = seed
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let strange: [Float] = [.nan, .infinity, 1e30, 3e38, 1e-30, 0]
        return (0..<count).map { row in
            let scale: Float = row % 5 == 0 ? 1e4 : 1
            var vector = (0..<size).map { _ in (Float(next() % 9) - 6) * scale }
            if odd, row % 23 == 7 { vector = vector.map { _ in strange[row % strange.count] } }
            return vector
        }
    }

    private func check(_ test: Case, odd: Bool, threads: Int) throws {
        let documents = rows(test.documents, test.size, seed: 11, odd: odd)
        let queries = rows(test.queries, test.size, seed: 5, odd: odd)
        let isNull = (documents: documents.indices.map { $0 % 31 == 3 }, queries: queries.indices.map { $0 % 7 == 4 })
        let pool = ThreadPool(threadCount: threads)
        let search = try NearestSearch(
            Tensor(documents.flatMap { $0 }, shape: [test.documents, test.size]), isNull: isNull.documents,
            similarity: test.similarity, pool: pool)
        let found = try search.nearest(
            test.count, to: Tensor(queries.flatMap { $0 }, shape: [test.queries, test.size]), isNull: isNull.queries,
            pool: pool, isCancelled: { false })
        for (row, query) in queries.enumerated() {
            var expected: [(document: Int, value: Double)] = []
            for (place, document) in documents.enumerated() where !isNull.queries[row] && !isNull.documents[place] {
                let value = query.withUnsafeBufferPointer { a in
                    document.withUnsafeBufferPointer { test.similarity.value(a, $0) }
                }
                if !value.isNaN { expected.append((place, value)) }
            }
            let sign: Double = test.similarity == .l2 ? 1 : -1
            expected.sort { ($0.value * sign, $0.document) < ($1.value * sign, $1.document) }
            let first = expected.prefix(test.count)
            #expect(found[row].map(\.document) == first.map(\.document), "query \(row)")
            #expect(found[row].map(\.value) == first.map(\.value), "query \(row)")
        }
    }

    @Test(arguments: cases)
    func equalsSorting(_ test: Case) throws {
        try check(test, odd: false, threads: 1)
        try check(test, odd: false, threads: 2)
    }

    @Test(arguments: cases)
    func equalsSortingOddNumbers(_ test: Case) throws { try check(test, odd: true, threads: 2) }

    @Test func documentsThatAreAllEqualComeInOrder() throws {
        let pool = ThreadPool(threadCount: 2)
        let documents = Tensor([Float](repeating: 0.1, count: 5_000 * 3), shape: [5_000, 3])
        let search = try NearestSearch(
            documents, isNull: Array(repeating: false, count: 5_000), similarity: .cosine, pool: pool)
        let found = try search.nearest(
            3, to: Tensor([0.3, 0.2, 0.1] as [Float], shape: [1, 3]), isNull: [false], pool: pool,
            isCancelled: { false })
        #expect(found[0].map(\.document) == [0, 1, 2])
    }
}
