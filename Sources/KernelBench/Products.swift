import MartletKernels
import MartletSupport

/// Packed products of MiniLM and BERT-base layers beside OpenBLAS: GFLOP/s and share of the measured peak.
func benchProducts() {
    print(
        "\n    M     K     N | packed GF/s  peak% | +gelu  peak% | OpenBLAS  peak% | packed/OpenBLAS | 2 threads peak%")
    let shapes = [
        (512, 384, 384), (512, 384, 1152), (512, 384, 1536), (512, 1536, 384), (2048, 384, 384), (2048, 384, 1152),
        (2048, 384, 1536), (2048, 1536, 384), (512, 768, 2304), (512, 768, 3072), (512, 3072, 768), (512, 1024, 1024),
    ]
    let pool = ThreadPool(threadCount: 2)
    for (m, k, n) in shapes { benchProduct(m: m, k: k, n: n, pool) }
}

/// A single query: few rows, so that reading the weights is what costs.
func benchSmallProducts() {
    print("\n few rows, K 384, N 1536: GF/s and GB/s of weights")
    for m in [1, 2, 4, 8, 16, 32] {
        let (k, n) = (384, 1536)
        let (a, b, c) = (numbers(m * k), numbers(k * n), numbers(m * n))
        let packed = PackedMatrix(b, rows: k, columns: n)!
        let (times, _) = inTurn([
            { Kernels.gemm(.init(a: a, b: packed, c: c), rows: 0..<m) },
            { _ = BLAS.gemm(m: m, n: n, k: k, .init(a, stride: k), .init(b, stride: n), into: c, stride: n) },
        ])
        let flop = 2 * Double(m * k * n)
        print(
            "  M \(fixed(Double(m), 0, 2)): packed \(fixed(flop / times[0] / 1e9, 1, 6)) GF/s"
                + " \(fixed(Double(4 * k * n) / times[0] / 1e9, 1, 6)) GB/s,"
                + " OpenBLAS \(fixed(flop / times[1] / 1e9, 1, 6)) GF/s")
    }
}

private func benchProduct(m: Int, k: Int, n: Int, _ pool: ThreadPool) {
    let (a, b, c, bias) = (numbers(m * k), numbers(k * n), numbers(m * n), numbers(n))
    let packed = PackedMatrix(b, rows: k, columns: n)!
    nonisolated(unsafe) let plain = Kernels.Gemm(a: a, b: packed, c: c, bias: bias)
    nonisolated(unsafe) var gelu = plain
    gelu.activation = .geluErf
    let half = m / 2
    let (times, peak) = inTurn([
        { Kernels.gemm(plain, rows: 0..<m) },
        { Kernels.gemm(gelu, rows: 0..<m) },
        { _ = BLAS.gemm(m: m, n: n, k: k, .init(a, stride: k), .init(b, stride: n), into: c, stride: n) },
    ])
    let (both, idle) = inTurn(
        wall: true,
        [
            { pool.parallelFor(2) { i in Kernels.gemm(plain, rows: i * half..<(i + 1) * half) } }
        ])
    let flop = 2 * Double(m * k * n)
    func share(_ t: Double, _ cores: Double = 1) -> String { fixed(100 * flop / t / peak / cores, 1, 5) }
    func rate(_ t: Double) -> String { fixed(flop / t / 1e9, 1, 6) }
    print(
        [m, k, n].map { fixed(Double($0), 0, 5) }.joined(separator: " ")
            + " |      \(rate(times[0])) \(share(times[0])) |\(rate(times[1])) \(share(times[1])) |"
            + "   \(rate(times[2])) \(share(times[2])) |           \(fixed(times[2] / times[0], 2, 5)) |"
            + "    \(rate(both[0])) \(fixed(100 * flop / both[0] / idle / 2, 1, 5))")
}
