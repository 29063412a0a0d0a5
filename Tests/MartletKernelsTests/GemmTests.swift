import Glibc
import MartletKernels
import Testing

extension KernelTests {
    @Suite struct GemmTests {
        /// activation(alpha · A B + bias) + residual in fp64, from the definitions.
        static func reference(
            _ a: [Float], _ b: [Float], m: Int, n: Int, k: Int, alpha: Float, bias: [Float]?,
            activation: Kernels.Activation, residual: [Float]?
        ) -> [Double] {
            var c = [Double](repeating: 0, count: m * n)
            for i in 0..<m {
                for j in 0..<n {
                    var sum = 0.0
                    for l in 0..<k { sum += Double(a[i * k + l]) * Double(b[l * n + j]) }
                    let x = sum * Double(alpha) + Double(bias?[j] ?? 0)
                    let y: Double
                    switch activation {
                    case .none: y = x
                    case .relu: y = max(0, x)
                    case .geluErf: y = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
                    case .geluTanh: y = 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
                    case .tanh: y = tanh(x)
                    case .sigmoid: y = 1 / (1 + exp(-x))
                    case .silu: y = x / (1 + exp(-x))
                    case .hardSwish: y = x * min(1, max(0, x / 6 + 0.5))
                    // Parameters are 0 here.
                    case .leakyRelu: y = max(0, x)
                    case .hardSigmoid, .clip: y = 0
                    }
                    c[i * n + j] = y + Double(residual?[i * n + j] ?? 0)
                }
            }
            return c
        }

        @Test func everyShapeMatchesTheNaiveProduct() throws {
            var random = Random(1)
            for k in [0, 1, 3, 4, 7, 33] {
                for n in [1, 5, 8, 16, 17, 31, 32, 33, 70] {
                    let b = random.floats(k * n)
                    for m in [0, 1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 29] {
                        let a = random.floats(m * k)
                        let bias = random.floats(n)
                        let expected = Self.reference(
                            a, b, m: m, n: n, k: k, alpha: 0.5, bias: bias, activation: .none, residual: nil)
                        let packed = try #require(PackedMatrix(b, rows: k, columns: n))
                        atEachISA { isa in
                            var c = [Float](repeating: .nan, count: m * n)
                            c.pointedMutably { c in
                                a.pointed { a in
                                    bias.pointed { bias in
                                        Kernels.gemm(.init(a: a, b: packed, c: c, alpha: 0.5, bias: bias), rows: 0..<m)
                                    }
                                }
                            }
                            #expect(largestDifference(c, expected) <= 1e-5, "\(isa) \(m)x\(k)x\(n)")
                        }
                    }
                }
            }
        }

        @Test(arguments: Kernels.Activation.allCases)
        func everyEpilogueMatchesItsFormula(_ activation: Kernels.Activation) throws {
            var random = Random(2)
            let (k, alpha) = (20, Float(0.75))
            for (m, n) in [(1, 32), (14, 64), (17, 45), (30, 16)] {
                let a = random.floats(m * k, -2, 2)
                let b = random.floats(k * n, -2, 2)
                let packed = try #require(PackedMatrix(b, rows: k, columns: n))
                for (bias, residual) in [(true, true), (true, false), (false, true), (false, false)] {
                    let bias = bias ? random.floats(n) : nil
                    let residual = residual ? random.floats(m * n) : nil
                    let expected = Self.reference(
                        a, b, m: m, n: n, k: k, alpha: alpha, bias: bias, activation: activation, residual: residual)
                    atEachISA { isa in
                        // In place: C begins as the residual.
                        var c = residual ?? [Float](repeating: .nan, count: m * n)
                        let hasResidual = residual != nil
                        c.pointedMutably { c in
                            a.pointed { a in
                                withOptional(bias) { bias in
                                    Kernels.gemm(
                                        .init(
                                            a: a, b: packed, c: c, alpha: alpha, bias: bias, activation: activation,
                                            residual: hasResidual ? UnsafePointer(c) : nil), rows: 0..<m)
                                }
                            }
                        }
                        #expect(largestDifference(c, expected) <= 2e-5, "\(isa) \(m)x\(n)")
                    }
                }
            }
        }

        /// Any split of rows and columns, and any number of rows, give the same bits.
        @Test func resultsDoNotDependOnTheSplit() throws {
            var random = Random(3)
            let (m, n, k) = (31, 100, 50)
            let a = random.floats(m * k)
            let b = random.floats(k * n)
            let packed = try #require(PackedMatrix(b, rows: k, columns: n))
            atEachISA { isa in
                func run(_ rows: [Range<Int>], _ columns: [Range<Int>]) -> [UInt32] {
                    var c = [Float](repeating: 0, count: m * n)
                    c.pointedMutably { c in
                        a.pointed { a in
                            for r in rows {
                                for q in columns {
                                    Kernels.gemm(
                                        .init(a: a, b: packed, c: c, activation: .geluErf), rows: r, columns: q)
                                }
                            }
                        }
                    }
                    return c.map(\.bitPattern)
                }
                let whole = run([0..<m], [0..<n])
                #expect(run((0..<m).map { $0..<$0 + 1 }, [0..<n]) == whole, "\(isa) by rows")
                #expect(run([0..<13, 13..<31], [0..<32, 32..<96, 96..<100]) == whole, "\(isa) by both")
            }
        }

        @Test func stridedRowsLeaveTheRestAlone() throws {
            var random = Random(4)
            let (m, n, k) = (9, 21, 11)
            let a = random.floats(m * 15)
            let b = random.floats(k * n)
            let packed = try #require(PackedMatrix(b, rows: k, columns: n))
            let dense = (0..<m).flatMap { a[$0 * 15..<$0 * 15 + k] }
            let expected = Self.reference(
                dense, b, m: m, n: n, k: k, alpha: 1, bias: nil, activation: .none, residual: nil)
            atEachISA { isa in
                var c = [Float](repeating: 7, count: m * 40)
                c.pointedMutably { c in
                    a.pointed { Kernels.gemm(.init(a: $0, aStride: 15, b: packed, c: c, cStride: 40), rows: 0..<m) }
                }
                for i in 0..<m {
                    #expect(
                        largestDifference(Array(c[i * 40..<i * 40 + n]), Array(expected[i * n..<i * n + n])) < 1e-5)
                    #expect(c[i * 40 + n..<i * 40 + 40].allSatisfy { $0 == 7 }, "\(isa)")
                }
            }
        }

        /// Halves, transposed sources and unaligned bytes pack to the same panels as their fp32 values.
        @Test(arguments: [ElementType.f32, .f16, .bf16])
        func packingReadsEveryForm(_ type: ElementType) throws {
            var random = Random(5)
            for (k, n) in [(1, 1), (5, 33), (130, 40), (300, 7)] {
                let bits = (0..<k * n).map { _ in UInt16(truncatingIfNeeded: random.bits()) & 0xbbff }
                let values: [Float] = bits.map {
                    type == .bf16 ? Float(bitPattern: UInt32($0) << 16) : Float(Float16(bitPattern: $0))
                }
                let expected = try #require(PackedMatrix(values, rows: k, columns: n))
                let transposed = (0..<k * n).map { $0 / k + $0 % k * n }
                for isTransposed in [false, true] {
                    var bytes: [UInt8] = [0]
                    for i in 0..<k * n {
                        let from = isTransposed ? transposed[i] : i
                        if type == .f32 {
                            withUnsafeBytes(of: values[from]) { bytes += $0 }
                        } else {
                            withUnsafeBytes(of: bits[from]) { bytes += $0 }
                        }
                    }
                    try atEachISA { isa in
                        let packed = try bytes.withUnsafeBytes {
                            try #require(
                                PackedMatrix(
                                    $0.baseAddress! + 1, type: type, rows: k, columns: n, stride: isTransposed ? k : n,
                                    transposed: isTransposed))
                        }
                        let same = (0..<k * ((n + 31) / 32 * 32)).allSatisfy {
                            packed.panels[$0].bitPattern == expected.panels[$0].bitPattern
                        }
                        #expect(same, "\(isa) \(k)x\(n)")
                    }
                }
            }
        }

        @Test func oversizedMatricesAreRefused() {
            #expect(PackedMatrix.byteCount(rows: Int.max / 8, columns: 64) == nil)
            #expect(PackedMatrix.byteCount(rows: 1, columns: Int.max) == nil)
            #expect(PackedMatrix.byteCount(rows: -1, columns: 3) == nil)
            #expect(PackedMatrix.byteCount(rows: 3, columns: 33) == 3 * 64 * 4)
        }
    }
}
