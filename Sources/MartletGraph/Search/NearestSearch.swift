import MartletKernels
import MartletSupport
import MartletTensor

/// Exact search for the nearest of many vectors, by matrix products.
///
/// A block of queries times a block of documents gives scores in fp32, each within a bound that is known of its exact value.
/// What those bounds do not rule out is measured again in double, by the rule of the language's functions; so results
/// depend neither on blocks, threads nor kernels, and equal ones come in document order.
package final class NearestSearch: Sendable {
    package let similarity: Similarity
    /// Elements of a vector.
    package let size: Int
    /// Documents × size, as they came.
    let documents: Tensor
    /// What is multiplied: documents × width. Unit vectors for cosine; for l2 with half the squared length behind.
    let matrix: Tensor
    let width: Int
    /// For each document the length that bounds its scores' errors.
    let lengths: [Float]
    /// For each block of documents its greatest length.
    let blockLengths: [Float]
    /// Documents that are measured in double only: huge, infinite or NaN elements.
    let unruly: [Int]
    /// Documents that are never near.
    let isNull: [Bool]

    /// Documents whose rows lie in the second level cache, with their scores.
    static let blockRows = 512
    /// Queries of one task.
    static let queryRows = 192
    /// Lengths between these leave room for products in fp32.
    static let orderly: ClosedRange<Double> = 1e-15...1e15

    /// - Parameters:
    ///   - documents: float32, rows × size.
    ///   - nulls: rows that are null.
    /// - Throws: `TensorError.memoryLimit`.
    package init(_ documents: Tensor, isNull: [Bool], similarity: Similarity, pool: ThreadPool) throws {
        self.documents = documents.aligned()
        self.similarity = similarity
        self.isNull = isNull
        size = documents.shape[1]
        let prepared = try VectorRows(self.documents, isNull: isNull, similarity, isQuery: false, pool: pool)
        matrix = prepared.matrix
        width = prepared.width
        let lengths = prepared.lengths
        self.lengths = lengths
        unruly = prepared.unruly
        blockLengths = stride(from: 0, to: lengths.count, by: Self.blockRows).map { start in
            lengths[start..<min(start + Self.blockRows, lengths.count)].max() ?? 0
        }
    }

    /// A document and how near it is.
    package struct Hit: Hashable, Sendable {
        package var document: Int
        package var value: Double
    }

    /// For each row of `queries` (float32, rows × size) its `count` nearest documents, nearest first, equal ones in document
    /// order. Null queries have none; nor has a document whose similarity is NaN.
    package func nearest(
        _ count: Int, to queries: Tensor, isNull: [Bool], pool: ThreadPool, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [[Hit]] {
        let rows = queries.shape[0]
        guard count > 0, rows > 0, documents.shape[0] > 0 else { return Array(repeating: [], count: rows) }
        let queries = queries.aligned()
        let prepared = try VectorRows(queries, isNull: isNull, similarity, isQuery: true, pool: pool)
        // Few queries leave threads free: those share the documents.
        let queryBlocks = (rows + Self.queryRows - 1) / Self.queryRows
        let parts = max(1, min(blockLengths.count, (2 * pool.threadCount) / queryBlocks))
        let results = ResultSlots<[[Int32]]>(count: queryBlocks * parts)
        pool.parallelFor(queryBlocks * parts) { [self] task in
            if isCancelled() { return }
            let (block, part) = (task / parts, task % parts)
            let range = block * Self.queryRows..<min((block + 1) * Self.queryRows, rows)
            let blocks = blockLengths.count * part / parts..<blockLengths.count * (part + 1) / parts
            results[task] = BlockScan(self, prepared, range, count).run(blocks)
        }
        return rank(queries, prepared, isNull, count, pool) { row in
            let (block, place) = (row / Self.queryRows, row % Self.queryRows)
            var candidates: [Int32] = []
            for part in 0..<parts { candidates += results[block * parts + part]?[place] ?? [] }
            return candidates
        }
    }

    private func rank(
        _ queries: Tensor, _ prepared: VectorRows, _ isNullQuery: [Bool], _ count: Int, _ pool: ThreadPool,
        _ candidates: @escaping @Sendable (Int) -> [Int32]
    ) -> [[Hit]] {
        let rows = queries.shape[0]
        let all = ResultSlots<[Hit]>(count: rows)
        let unrulyQueries = Set(prepared.unruly)
        pool.parallelFor(rows) { [self] row in
            guard !isNullQuery[row] else { return }
            let wanted: [Int] =
                unrulyQueries.contains(row)
                ? Array(0..<documents.shape[0]) : candidates(row).map { Int($0) } + unruly
            let query = UnsafeBufferPointer(rebasing: queries.elements(Float.self)[row * size..<(row + 1) * size])
            let stored = documents.elements(Float.self)
            var hits: [Hit] = []
            hits.reserveCapacity(wanted.count)
            for document in wanted where !isNull[document] {
                let vector = UnsafeBufferPointer(rebasing: stored[document * size..<(document + 1) * size])
                let value = similarity.value(query, vector)
                if !value.isNaN { hits.append(Hit(document: document, value: value)) }
            }
            let sign: Double = similarity == .l2 ? -1 : 1
            hits.sort { a, b in
                a.value == b.value ? a.document < b.document : a.value * sign > b.value * sign
            }
            all[row] = Array(hits.prefix(count))
        }
        return (0..<rows).map { all[$0] ?? [] }
    }
}

/// Results of tasks, each written by one.
final class ResultSlots<Element: Sendable>: @unchecked Sendable {
    private let slots: UnsafeMutableBufferPointer<Element?>

    init(count: Int) {
        slots = .allocate(capacity: count)
        slots.initialize(repeating: nil)
    }

    subscript(index: Int) -> Element? {
        get { slots[index] }
        set { slots[index] = newValue }
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }
}
