import MartletKernels
import Testing

extension KernelTests {
    /// Old OpenBLAS builds are known to miscompute on some processors.
    @Suite struct BLASTests {
        @Test(arguments: [(1, 1, 1), (3, 5, 7), (17, 33, 65), (64, 48, 100), (130, 2, 31)])
        func productsMatchTheNaiveOne(_ m: Int, _ n: Int, _ k: Int) {
            var random = Random(6)
            let a = random.floats(m * k)
            let b = random.floats(k * n)
            let expected = GemmTests.reference(
                a, b, m: m, n: n, k: k, alpha: 1, bias: nil, activation: .none, residual: nil)
            let aT = (0..<m * k).map { a[$0 % m * k + $0 / m] }
            let bT = (0..<k * n).map { b[$0 % k * n + $0 / k] }
            for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
                var c = [Float](repeating: .nan, count: m * n)
                var d = [Double](repeating: 1, count: m * n)
                let (x, y) = (ta ? aT : a, tb ? bT : b)
                x.pointed { x in
                    y.pointed { y in
                        #expect(
                            BLAS.gemm(
                                m: m, n: n, k: k, .init(x, stride: ta ? m : k, transposed: ta),
                                .init(y, stride: tb ? k : n, transposed: tb), into: &c, stride: n))
                    }
                }
                #expect(largestDifference(c, expected) < 1e-5)
                x.map(Double.init).pointed { x in
                    y.map(Double.init).pointed { y in
                        #expect(
                            BLAS.gemm(
                                m: m, n: n, k: k, .init(x, stride: ta ? m : k, transposed: ta),
                                .init(y, stride: tb ? k : n, transposed: tb), beta: 2, into: &d, stride: n))
                    }
                }
                #expect(zip(d, expected).allSatisfy { abs($0 - 2 - $1) < 1e-12 })
            }
        }

        @Test func batchesShareOrAdvanceTheirOperands() {
            let a: [Float] = [1, 2, 3, 4]
            let b: [Float] = [10, 20]
            var c = [Float](repeating: 0, count: 2)
            a.pointed { a in
                b.pointed { b in
                    #expect(
                        BLAS.gemm(
                            count: 2, m: 1, n: 1, k: 2, .init(a, stride: 2), aBatch: 2, .init(b, stride: 1), bBatch: 0,
                            into: &c, stride: 1, cBatch: 1))
                }
            }
            #expect(c == [50, 110])
        }

        @Test func badSizesAreRefused() {
            let x: [Float] = [1]
            var c: [Float] = [5]
            x.pointed { x in
                func refused(m: Int = 1, n: Int = 1, k: Int = 1, stride: Int = 1) -> Bool {
                    !BLAS.gemm(m: m, n: n, k: k, .init(x, stride: stride), .init(x, stride: 1), into: &c, stride: 1)
                }
                #expect(refused(m: -1))
                #expect(refused(k: 2))
                #expect(refused(n: 2))
                #expect(refused(stride: 1 << 40))
                #expect(c == [5])
                #expect(!refused(m: 0))
            }
        }
    }
}
