// Exact search beside the matrix product alone: SearchBench [documents] [size] [queries] [nearest] [repeats] [threads]
import MartletGraph
import MartletKernels
import MartletSupport
import MartletTensor

let given = CommandLine.arguments.dropFirst().compactMap { Int($0) }
func number(_ place: Int, _ otherwise: Int) -> Int { place < given.count ? given[place] : otherwise }
let (documents, size, queries) = (number(0, 100_000), number(1, 384), number(2, 1_000))
let (nearest, repeats) = (number(3, 10), number(4, 5))

/// Rows × size of numbers between -1 and 1, by a linear congruential generator.
func vectors(_ rows: Int, seed: UInt64) -> Tensor {
    var state = seed
    let numbers = (0..<rows * size).map { _ -> Float in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 23) - 1
    }
    return Tensor(numbers, shape: [rows, size])
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let time = try clock.measure(body)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
}

func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

/// The product alone, in the blocks that are best for it: each thread a part of the documents, all queries at once.
func product(_ a: Tensor, _ b: Tensor, _ pool: ThreadPool) {
    let step = 2_048
    pool.parallelFor((documents + step - 1) / step) { part in
        let rows = min(step, documents - part * step)
        let out = UnsafeMutablePointer<Float>.allocate(capacity: queries * rows)
        defer { out.deallocate() }
        _ = BLAS.gemm(
            m: queries, n: rows, k: size, .init(a.elements(Float.self).baseAddress!, stride: size),
            .init(b.elements(Float.self).baseAddress! + part * step * size, stride: size, transposed: true), into: out,
            stride: rows)
    }
}

let pool = ThreadPool(threadCount: number(5, 2))
let (a, b) = (vectors(queries, seed: 1), vectors(documents, seed: 2))
let none = (queries: [Bool](repeating: false, count: queries), documents: [Bool](repeating: false, count: documents))
let flop = 2 * Double(documents) * Double(size) * Double(queries)
print("\(documents) × \(size), \(queries) queries, \(nearest) nearest, \(number(5, 2)) threads; medians of \(repeats)")
for similarity in [Similarity.cosine, .dot, .l2] {
    var (plain, prepare, search) = ([Double](), [Double](), [Double]())
    for _ in 0..<repeats {
        plain.append(seconds { product(a, b, pool) })
        var index: NearestSearch?
        prepare.append(
            try seconds {
                index = try NearestSearch(b, isNull: none.documents, similarity: similarity, pool: pool)
            })
        search.append(
            try seconds {
                _ = try index?.nearest(nearest, to: a, isNull: none.queries, pool: pool, isCancelled: { false })
            })
    }
    func rate(_ time: Double) -> Int { Int(flop / time / 1e9) }
    let share = Int(100 * median(plain) / median(search))
    print(
        "\(similarity): sgemm \(rate(median(plain))) GFLOP/s, search \(rate(median(search))) GFLOP/s"
            + " (\(share) % of sgemm), prepared in \(Int(1e3 * median(prepare))) ms")
}
