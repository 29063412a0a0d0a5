import MartletKernels
import MartletTensor

/// Scores of some queries against blocks of documents, of which those stay that may be among the nearest.
struct BlockScan {
    private let search: NearestSearch
    private let queries: VectorRows
    private let range: Range<Int>
    private let count: Int
    private var lists: [Candidates]

    init(_ search: NearestSearch, _ queries: VectorRows, _ range: Range<Int>, _ count: Int) {
        self.search = search
        self.queries = queries
        self.range = range
        self.count = count
        lists = Array(repeating: Candidates(count), count: range.count)
    }

    /// For each query the documents that may be among the nearest of `blocks`.
    consuming func run(_ blocks: Range<Int>) -> [[Int32]] {
        let width = search.width
        let step = NearestSearch.blockRows
        let total = search.lengths.count
        let scores = UnsafeMutablePointer<Float>.allocate(capacity: range.count * step)
        defer { scores.deallocate() }
        let left = queries.matrix.elements(Float.self).baseAddress! + range.lowerBound * width
        let right = search.matrix.elements(Float.self).baseAddress!
        // Rounding of a product of this many elements is below this share of both lengths; four times for what goes before.
        let unit = Float(width + 8) * 4 * 0x1p-24
        for block in blocks {
            let first = block * step
            let rows = min(step, total - first)
            let isDone = BLAS.gemm(
                m: range.count, n: rows, k: width, .init(left, stride: width),
                .init(right + first * width, stride: width, transposed: true), into: scores, stride: step)
            precondition(isDone, "bug: sizes of a product of vectors")
            for (place, row) in range.enumerated() {
                let error = unit * queries.lengths[row] * search.blockLengths[block]
                lists[place].add(
                    UnsafeBufferPointer(start: scores + place * step, count: rows), first: Int32(first), error: error)
            }
        }
        return lists.map { $0.documents }
    }
}

/// Documents whose scores are, within their errors, among the `count` greatest so far.
struct Candidates {
    private struct Entry {
        var document: Int32
        /// The least and the greatest that the exact score can be.
        var low: Float
        var high: Float
    }

    private let count: Int
    private var entries: [Entry] = []
    /// At least `count` documents have scores of this or more.
    private var floor = -Float.infinity
    /// Entries at which it pays to look for a higher floor.
    private var room: Int

    init(_ count: Int) {
        self.count = count
        room = 2 * count + 64
    }

    /// Those that are left. In document order.
    var documents: [Int32] {
        var copy = self
        copy.shrink()
        return copy.entries.map(\.document)
    }

    /// - Parameter error: by how much a score can differ from the exact one.
    mutating func add(_ scores: UnsafeBufferPointer<Float>, first: Int32, error: Float) {
        typealias Lanes = SIMD16<Float>
        var least = floor - error
        var index = 0
        while index + Lanes.scalarCount <= scores.count {
            let lanes = UnsafeRawPointer(scores.baseAddress! + index).loadUnaligned(as: Lanes.self)
            if any(lanes .>= least) {
                for lane in 0..<Lanes.scalarCount where lanes[lane] >= least {
                    append(lanes[lane], first + Int32(index + lane), error)
                    least = floor - error
                }
            }
            index += Lanes.scalarCount
        }
        while index < scores.count {
            if scores[index] >= least { append(scores[index], first + Int32(index), error) }
            least = floor - error
            index += 1
        }
    }

    private mutating func append(_ score: Float, _ document: Int32, _ error: Float) {
        entries.append(Entry(document: document, low: score - error, high: score + error))
        if entries.count >= room { shrink() }
    }

    /// Raises the floor, and drops what is certainly below it.
    private mutating func shrink() {
        guard entries.count > count else { return }
        let lows = entries.map(\.low).sorted(by: >)
        floor = lows[count - 1]
        let limit = floor
        entries.removeAll { $0.high < limit }
        // Where many are equal, most stay.
        room = max(2 * count + 64, 2 * entries.count)
    }
}
