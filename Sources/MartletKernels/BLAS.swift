import COpenBLAS

/// The general matrix products, where neither side is a packed constant: OpenBLAS.
///
/// It runs on the calling thread alone unless inside ``withThreads(_:_:)``: our own workers already use every core.
package enum BLAS {
    /// A matrix as stored: row major, `stride` between stored rows, read transposed if `transposed`.
    package struct Matrix<Element> {
        package var base: UnsafePointer<Element>
        package var stride: Int
        package var transposed: Bool

        package init(_ base: UnsafePointer<Element>, stride: Int, transposed: Bool = false) {
            self.base = base
            self.stride = stride
            self.transposed = transposed
        }
    }

    private static let started: Void = openblas_set_num_threads(1)

    /// The kernel family that OpenBLAS chose for this CPU.
    package static var coreName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

    /// Runs `body` with OpenBLAS free to use `count` threads. For one large product at a time, never inside a worker.
    package static func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
        _ = started
        openblas_set_num_threads(Int32(clamping: max(1, count)))
        defer { openblas_set_num_threads(1) }
        return try body()
    }

    /// C `[m, n]` = alpha · A `[m, k]` × B `[k, n]` + beta · C. With beta 0, C is not read.
    /// - Returns: false, having done nothing, if a size is negative, does not fit BLAS, or exceeds its stride.
    package static func gemm(
        m: Int, n: Int, k: Int, alpha: Float = 1, _ a: Matrix<Float>, _ b: Matrix<Float>, beta: Float = 0,
        into c: UnsafeMutablePointer<Float>, stride: Int
    ) -> Bool {
        guard let s = Sizes(m: m, n: n, k: k, a, b, stride: stride) else { return false }
        guard m > 0, n > 0 else { return true }
        cblas_sgemm(
            CblasRowMajor, a.order, b.order, s.m, s.n, s.k, alpha, a.base, s.lda, b.base, s.ldb, beta, c, s.ldc)
        return true
    }

    /// The same in fp64.
    package static func gemm(
        m: Int, n: Int, k: Int, alpha: Double = 1, _ a: Matrix<Double>, _ b: Matrix<Double>, beta: Double = 0,
        into c: UnsafeMutablePointer<Double>, stride: Int
    ) -> Bool {
        guard let s = Sizes(m: m, n: n, k: k, a, b, stride: stride) else { return false }
        guard m > 0, n > 0 else { return true }
        cblas_dgemm(
            CblasRowMajor, a.order, b.order, s.m, s.n, s.k, alpha, a.base, s.lda, b.base, s.ldb, beta, c, s.ldc)
        return true
    }

    /// `count` products whose operands follow each other by `aBatch`, `bBatch` (either may be 0) and `cBatch` elements.
    package static func gemm(
        count: Int, m: Int, n: Int, k: Int, alpha: Float = 1, _ a: Matrix<Float>, aBatch: Int, _ b: Matrix<Float>,
        bBatch: Int, beta: Float = 0, into c: UnsafeMutablePointer<Float>, stride: Int, cBatch: Int
    ) -> Bool {
        for i in 0..<max(0, count) {
            var x = a
            var y = b
            x.base += i * aBatch
            y.base += i * bBatch
            guard gemm(m: m, n: n, k: k, alpha: alpha, x, y, beta: beta, into: c + i * cBatch, stride: stride) else {
                return false
            }
        }
        return count >= 0
    }

    /// Checked sizes as BLAS takes them.
    private struct Sizes {
        let m, n, k, lda, ldb, ldc: blasint

        init?<Element>(m: Int, n: Int, k: Int, _ a: Matrix<Element>, _ b: Matrix<Element>, stride: Int) {
            _ = BLAS.started
            guard m >= 0, n >= 0, k >= 0, a.stride >= (a.transposed ? m : k), b.stride >= (b.transposed ? k : n),
                stride >= n, let m = blasint(exactly: m), let n = blasint(exactly: n), let k = blasint(exactly: k),
                let lda = blasint(exactly: max(1, a.stride)), let ldb = blasint(exactly: max(1, b.stride)),
                let ldc = blasint(exactly: max(1, stride))
            else { return nil }
            self.m = m
            self.n = n
            self.k = k
            self.lda = lda
            self.ldb = ldb
            self.ldc = ldc
        }
    }
}

extension BLAS.Matrix {
    fileprivate var order: CBLAS_TRANSPOSE { transposed ? CblasTrans : CblasNoTrans }
}
