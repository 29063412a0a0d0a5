import Glibc
import MartletKernels
import Testing

extension KernelTests {
    /// Products with weights of lower precision, against their definition in fp64.
    @Suite struct ReducedGemmTests {
        /// To bfloat16 by the definition: the nearest number of 8 significant bits, ties to even.
        static func bfloat16(_ x: Float) -> Double {
            guard x != 0, x.isFinite else { return Double(x) }
            let unit = exp2(Double(ilogb(Double(x)) - 7))
            return (Double(x) / unit).rounded(.toNearestOrEven) * unit
        }

        /// Levels of a row: [0, 255] from its least to its greatest number, 0 included.
        static func levels(_ row: ArraySlice<Float>) -> [Double] {
            let least = min(0, row.min() ?? 0)
            let scale = max((max(0, row.max() ?? 0) - least) / 255, 0x1p-126)
            let zero = (-least * (1 / scale)).rounded(.toNearestOrEven)
            return row.map { x in
                let level = fmaf(x, 1 / scale, zero).rounded(.toNearestOrEven)
                return Double(scale) * Double(min(255, max(0, level)) - zero)
            }
        }

        /// Columns of B `[k, n]` as [-127, 127] times a scale.
        static func columnLevels(_ b: [Float], k: Int, n: Int) -> [Double] {
            var result = [Double](repeating: 0, count: k * n)
            for j in 0..<n {
                let most = (0..<k).map { abs(b[$0 * n + j]) }.max() ?? 0
                let scale = max(most / 127, 0x1p-126)
                for l in 0..<k {
                    result[l * n + j] = Double((b[l * n + j] * (1 / scale)).rounded(.toNearestOrEven)) * Double(scale)
                }
            }
            return result
        }

        static func rounded(
            _ a: [Float], _ b: [Float], m: Int, n: Int, k: Int, _ kind: ReducedMatrix.Kind
        ) -> (a: [Double], b: [Double]) {
            switch kind {
            case .bfloat16: (a.map(bfloat16), b.map(bfloat16))
            case .int8: ((0..<m).flatMap { levels(a[$0 * k..<($0 + 1) * k]) }, columnLevels(b, k: k, n: n))
            }
        }

        static func matrix(_ b: [Float], k: Int, n: Int, _ kind: ReducedMatrix.Kind) -> ReducedMatrix? {
            b.withUnsafeBytes { bytes in
                let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
                return ReducedMatrix(
                    [.init(base, columns: n, stride: n, isTransposed: false)], kind: kind, rows: k)
            }
        }

        static func run(_ product: Kernels.Gemm, rows: Range<Int>, columns: Range<Int>? = nil) {
            let scratch = UnsafeMutableRawPointer.allocate(byteCount: Kernels.gemmScratch(product), alignment: 64)
            Kernels.gemm(product, rows: rows, columns: columns, scratch: scratch)
            scratch.deallocate()
        }

        @Test(arguments: ReducedMatrix.Kind.allCases)
        func everyShapeMatchesTheProductOfRoundedNumbers(_ kind: ReducedMatrix.Kind) throws {
            var random = Random(11)
            for k in [0, 1, 2, 3, 4, 5, 17, 64, 130] {
                for n in [1, 16, 31, 32, 33, 70] {
                    let b = random.floats(k * n)
                    let packed = try #require(Self.matrix(b, k: k, n: n, kind))
                    for m in [1, 3, 4, 5, 13, 14, 15, 29] {
                        let a = random.floats(m * k)
                        let bias = random.floats(n)
                        let (left, right) = Self.rounded(a, b, m: m, n: n, k: k, kind)
                        var expected = [Double](repeating: 0, count: m * n)
                        for i in 0..<m {
                            for j in 0..<n {
                                for l in 0..<k { expected[i * n + j] += left[i * k + l] * right[l * n + j] }
                                expected[i * n + j] += Double(bias[j])
                            }
                        }
                        atEachISA { isa in
                            var c = [Float](repeating: .nan, count: m * n)
                            c.pointedMutably { c in
                                a.pointed { a in
                                    bias.pointed { bias in
                                        Self.run(.init(a: a, b: .reduced(packed), c: c, bias: bias), rows: 0..<m)
                                    }
                                }
                            }
                            #expect(largestDifference(c, expected) <= 2e-5, "\(kind) \(isa) \(m)x\(k)x\(n)")
                        }
                    }
                }
            }
        }

        @Test(arguments: ReducedMatrix.Kind.allCases, Kernels.Activation.allCases)
        func epiloguesAreThoseOfExactProducts(_ kind: ReducedMatrix.Kind, _ activation: Kernels.Activation) throws {
            var random = Random(12)
            // Numbers that both sides hold exactly: integers of few bits, with the ends of the range in each row and column.
            let (m, n, k) = (17, 45, 20)
            var a = (0..<m * k).map { _ in Float(Int(random.floats(1, 0, 256)[0])) }
            var b = (0..<k * n).map { _ in Float(Int(random.floats(1, -127, 128)[0])) }
            for i in 0..<m { a[i * k] = 255 }
            for j in 0..<n { b[j] = 127 }
            let (bias, residual) = (random.floats(n), random.floats(m * n))
            let exact = try #require(PackedMatrix(b, rows: k, columns: n))
            let reduced = try #require(Self.matrix(b, k: k, n: n, kind))
            atEachISA { isa in
                var results: [[Float]] = []
                for weights in [Kernels.GemmWeights.exact(exact), .reduced(reduced)] {
                    var c = residual
                    c.pointedMutably { c in
                        a.pointed { a in
                            bias.pointed { bias in
                                var product = Kernels.Gemm(
                                    a: a, b: weights, c: c, bias: bias, activation: activation, residual: c)
                                (product.parameters, product.scale, product.shift) = ((0.25, 0.5), 1.5, 0.125)
                                Self.run(product, rows: 0..<m)
                            }
                        }
                    }
                    results.append(c)
                }
                for (x, y) in zip(results[0], results[1]) {
                    #expect(abs(x - y) <= 1e-5 * max(1, abs(x)), "\(kind) \(isa) \(activation)")
                }
            }
        }

        @Test(arguments: ReducedMatrix.Kind.allCases)
        func aRowIsTheSameInAnySplit(_ kind: ReducedMatrix.Kind) throws {
            var random = Random(13)
            // More rows than are rounded at once, and more weights than one chunk of panels.
            let (m, n, k) = (150, 96, 2050)
            let (a, b) = (random.floats(m * k), random.floats(k * n))
            let packed = try #require(Self.matrix(b, k: k, n: n, kind))
            atEachISA { isa in
                var whole = [Float](repeating: 0, count: m * n)
                var parts = whole
                a.pointed { a in
                    whole.pointedMutably { c in Self.run(.init(a: a, b: .reduced(packed), c: c), rows: 0..<m) }
                    parts.pointedMutably { c in
                        for rows in [0..<1, 1..<20, 20..<m] {
                            for columns in [0..<32, 32..<96] {
                                Self.run(.init(a: a, b: .reduced(packed), c: c), rows: rows, columns: columns)
                            }
                        }
                    }
                }
                #expect(whole == parts, "\(kind) \(isa)")
            }
        }

        @Test(arguments: ReducedMatrix.Kind.allCases)
        func whatIsNotFiniteStaysInItsRow(_ kind: ReducedMatrix.Kind) throws {
            var random = Random(14)
            let (m, n, k) = (16, 40, 24)
            var a = random.floats(m * k)
            let b = random.floats(k * n, 0.5, 1)
            a[2 * k + 3] = .nan
            a[5 * k + 7] = .infinity
            a[9 * k] = -.infinity
            (a[11 * k], a[11 * k + 1]) = (.infinity, -.infinity)
            let packed = try #require(Self.matrix(b, k: k, n: n, kind))
            let exact = try #require(PackedMatrix(b, rows: k, columns: n))
            atEachISA { isa in
                var c = [Float](repeating: 0, count: m * n)
                var expected = c
                a.pointed { a in
                    c.pointedMutably { c in Self.run(.init(a: a, b: .reduced(packed), c: c), rows: 0..<m) }
                    expected.pointedMutably { c in Kernels.gemm(.init(a: a, b: exact, c: c), rows: 0..<m) }
                }
                for (x, y) in zip(c, expected) {
                    if y.isFinite {
                        #expect(abs(x - y) < 0.2, "\(kind) \(isa)")
                    } else {
                        #expect(x == y || x.isNaN && y.isNaN, "\(kind) \(isa): \(x), not \(y)")
                    }
                }
            }
        }

        @Test func sourcesOfEitherOrderLieSideBySide() throws {
            var random = Random(15)
            let (m, k) = (5, 9)
            let (first, second) = (random.floats(k * 33), random.floats(k * 20))
            var turned = second
            var whole: [Float] = []
            for l in 0..<k {
                for j in 0..<20 { turned[j * k + l] = second[l * 20 + j] }
                whole += first[l * 33..<(l + 1) * 33]
                whole += second[l * 20..<(l + 1) * 20]
            }
            let a = random.floats(m * k)
            for kind in ReducedMatrix.Kind.allCases {
                let one = try #require(Self.matrix(whole, k: k, n: 53, kind))
                let two = try #require(
                    first.withUnsafeBytes { x in
                        turned.withUnsafeBytes { y in
                            ReducedMatrix(
                                [
                                    .init(x.baseAddress!, columns: 33, stride: 33, isTransposed: false),
                                    .init(y.baseAddress!, columns: 20, stride: k, isTransposed: true),
                                ], kind: kind, rows: k)
                        }
                    })
                var results: [[Float]] = []
                for packed in [one, two] {
                    var c = [Float](repeating: 0, count: m * 53)
                    a.pointed { a in
                        c.pointedMutably { c in Self.run(.init(a: a, b: .reduced(packed), c: c), rows: 0..<m) }
                    }
                    results.append(c)
                }
                #expect(results[0] == results[1])
            }
        }

        @Test func weightsThatBytesCannotHold() {
            var b: [Float] = [1, 2, 3, 4]
            #expect(Self.matrix(b, k: 2, n: 2, .int8) != nil)
            b[1] = .infinity
            #expect(Self.matrix(b, k: 2, n: 2, .int8) == nil)
            #expect(Self.matrix(b, k: 2, n: 2, .bfloat16) != nil)
            // One number hundreds of times as large as the others: all else becomes 0.
            let apart = [Float](repeating: 0.003, count: 999) + [1]
            #expect((Self.matrix(apart, k: 1000, n: 1, .int8)?.error ?? 0) > 0.03)
            let even = (0..<1000).map { Float($0) - 500 }
            #expect((Self.matrix(even, k: 1000, n: 1, .int8)?.error ?? 1) < 0.005)
        }
    }
}
