import MartletKernels
import Testing

extension KernelTests {
    @Suite struct ReduceTests {
        private func reference(_ kind: Kernels.Reduction, _ v: [Double]) -> Double {
            switch kind {
            case .sum: v.reduce(0, +)
            case .mean: v.reduce(0, +) / Double(v.count)
            case .prod: v.reduce(1, *)
            case .max: v.contains { $0.isNaN } ? .nan : v.max() ?? -.infinity
            case .min: v.contains { $0.isNaN } ? .nan : v.min() ?? .infinity
            case .sumSquare: v.map { $0 * $0 }.reduce(0, +)
            case .sumAbs: v.map(abs).reduce(0, +)
            case .l2: v.map { $0 * $0 }.reduce(0, +).squareRoot()
            }
        }

        @Test(arguments: Kernels.Reduction.allCases)
        func everyAxisAndLengthMatches(_ kind: Kernels.Reduction) {
            var random = Random(13)
            for inner in [1, 3, 16, 21] {
                for n in 0...40 {
                    let outer = 2
                    var x = random.floats(outer * n * inner, -1.5, 1.5)
                    if n == 20 { x[inner * 7] = .nan }
                    let expected = (0..<outer * inner).map { i in
                        reference(kind, (0..<n).map { Double(x[i / inner * n * inner + $0 * inner + i % inner]) })
                    }
                    atEachISA { isa in
                        var y = [Float](repeating: 7, count: outer * inner)
                        #expect(Kernels.reduce(kind, type: .f32, x, into: &y, outer: outer, n: n, inner: inner))
                        #expect(largestDifference(y, expected) < 3e-5, "\(isa) n \(n) inner \(inner)")
                    }
                    var z = [Double](repeating: 7, count: outer * inner)
                    #expect(
                        Kernels.reduce(
                            kind, type: .f64, x.map(Double.init), into: &z, outer: outer, n: n, inner: inner))
                    #expect(
                        zip(z, expected).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-12 || $0.isNaN && $1.isNaN })
                }
            }
        }

        @Test func integersWrapAndTruncate() {
            var y: [Int32] = [0]
            func reduce(_ kind: Kernels.Reduction, _ x: [Int32]) -> Int32 {
                #expect(Kernels.reduce(kind, type: .i32, x, into: &y, outer: 1, n: x.count, inner: 1))
                return y[0]
            }
            #expect(reduce(.sum, [.max, 1]) == .min)
            #expect(reduce(.mean, [-3, -4]) == -3)
            #expect(reduce(.prod, [-3, 5]) == -15)
            #expect(reduce(.max, [-3, -5]) == -3)
            #expect(reduce(.min, []) == 0)
            #expect(reduce(.mean, []) == 0)
            #expect(reduce(.sumAbs, [-3, 4]) == 7)
            #expect(reduce(.l2, [-3, 4]) == 5)
            var z: [Int64] = [0]
            #expect(Kernels.reduce(.sum, type: .i64, [Int64.max, 2], into: &z, outer: 1, n: 2, inner: 1))
            #expect(z == [.min + 1])
            #expect(!Kernels.reduce(.sum, type: .f16, [UInt16(0)], into: &y, outer: 1, n: 1, inner: 1))
        }

        @Test func argExtremesTakeTheFirstOrLastAndFindNaN() {
            func arg(_ x: [Float], smallest: Bool = false, last: Bool = false) -> Int64 {
                var y: [Int64] = [-1]
                #expect(
                    Kernels.argExtreme(
                        smallest: smallest, last: last, type: .f32, x, into: &y, outer: 1, n: x.count, inner: 1))
                return y[0]
            }
            #expect(arg([1, 3, 2, 3]) == 1)
            #expect(arg([1, 3, 2, 3], last: true) == 3)
            #expect(arg([1, 3, 1], smallest: true) == 0)
            #expect(arg([1, 3, 1], smallest: true, last: true) == 2)
            #expect(arg([1, .nan, 9, .nan]) == 1)
            #expect(arg([-.infinity]) == 0)
            var y: [Int64] = [-1, -1]
            #expect(
                Kernels.argExtreme(
                    smallest: false, type: .i64, [Int64(5), 1, 2, 7], into: &y, outer: 1, n: 2, inner: 2)
            )
            #expect(y == [0, 1])
        }
    }
}
