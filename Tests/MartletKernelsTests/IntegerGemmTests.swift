import MartletKernels
import Testing

extension KernelTests {
    /// Products of bytes against the plain loop; every number must be equal, at every instruction set.
    @Suite struct IntegerGemmTests {
        struct Problem {
            var a: [UInt8]
            var b: [UInt8]
            var (m, k, n) = (0, 0, 0)
            var aIsSigned = false
            var bIsSigned = false

            static func value(_ byte: UInt8, _ isSigned: Bool) -> Int {
                isSigned ? Int(Int8(bitPattern: byte)) : Int(byte)
            }

            /// Σ (A - aZero) (B - bZero), wrapped to 32 bits. Zero points of a row and of a column.
            func sums(aZero: (Int) -> Int, bZero: (Int) -> Int) -> [Int32] {
                var result: [Int32] = []
                for row in 0..<m {
                    for column in 0..<n {
                        var sum = 0
                        for index in 0..<k {
                            let x = Self.value(a[row * k + index], aIsSigned) - aZero(row)
                            sum += x * (Self.value(b[index * n + column], bIsSigned) - bZero(column))
                        }
                        result.append(Int32(truncatingIfNeeded: sum))
                    }
                }
                return result
            }

            func packed(transposed: Bool = false) -> PackedIntegers? {
                let type: ElementType = bIsSigned ? .i8 : .u8
                guard transposed else {
                    return PackedIntegers(b, type: type, rows: k, columns: n, stride: n, transposed: false)
                }
                let other = (0..<n * k).map { b[$0 % max(k, 1) * n + $0 / max(k, 1)] }
                return PackedIntegers(other, type: type, rows: k, columns: n, stride: k, transposed: true)
            }

            /// Runs with zero points as the operators give them; rows in two parts.
            func run<T: BitwiseCopyable>(
                _ packed: PackedIntegers, _ type: ElementType, aZeros: [Int], bZeros: [Int]?, empty: T,
                _ change: (inout Kernels.IntegerGemm) -> Void = { _ in }
            ) -> [T] {
                let aType: ElementType = aIsSigned ? .i8 : .u8
                let rowZeros = aZeros.map { Int32($0 + (aIsSigned ? 128 : 0)) }
                let columnZeros = bZeros?.map { Int32($0 - (bIsSigned ? 0 : 128)) }
                var rowSums = [Int32](repeating: 0, count: m)
                var c = [T](repeating: empty, count: m * n)
                Kernels.integerRowSums(a, type: aType, stride: k, rows: m, columns: k, into: &rowSums)
                a.pointed { a in
                    c.pointedMutably { c in
                        rowZeros.pointed { rowZeros in
                            rowSums.pointed { rowSums in
                                (columnZeros ?? []).pointed { columns in
                                    var gemm = Kernels.IntegerGemm(a: a, aType: aType, b: packed, type: type, c: c)
                                    gemm.aZero = rowZeros
                                    gemm.hasRowZeros = aZeros.count > 1
                                    if bZeros != nil {
                                        gemm.bZero = columns
                                        gemm.rowSums = rowSums
                                    }
                                    change(&gemm)
                                    Kernels.integerGemm(gemm, rows: 0..<m / 2)
                                    Kernels.integerGemm(gemm, rows: m / 2..<m)
                                }
                            }
                        }
                    }
                }
                return c
            }
        }

        static func problem(_ m: Int, _ k: Int, _ n: Int, _ aIsSigned: Bool, _ bIsSigned: Bool, _ seed: UInt64)
            -> Problem
        {
            var random = Random(seed)
            let a = (0..<m * k).map { _ in UInt8(truncatingIfNeeded: random.bits() >> 13) }
            let b = (0..<k * n).map { _ in UInt8(truncatingIfNeeded: random.bits() >> 13) }
            return Problem(a: a, b: b, m: m, k: k, n: n, aIsSigned: aIsSigned, bIsSigned: bIsSigned)
        }

        @Test(arguments: [false, true], [false, true])
        func everyShapeAndSignIsExact(_ aIsSigned: Bool, _ bIsSigned: Bool) throws {
            for k in [0, 1, 3, 4, 5, 8, 35] {
                for n in [1, 16, 31, 32, 33, 70] {
                    for m in [0, 1, 2, 5, 14, 15, 31] {
                        let p = Self.problem(m, k, n, aIsSigned, bIsSigned, UInt64(k * 1000 + n))
                        let zeros = (0..<n).map { $0 * 37 % 256 - (bIsSigned ? 128 : 0) }
                        let rowZeros = (0..<m).map { $0 * 53 % 256 - (aIsSigned ? 128 : 0) }
                        let plain = p.sums(aZero: { _ in 3 }, bZero: { _ in bIsSigned ? 0 : 128 })
                        let full = p.sums(aZero: { rowZeros[$0] }, bZero: { zeros[$0] })
                        let packed = try #require(p.packed())
                        let transposed = try #require(p.packed(transposed: true))
                        atEachISA { isa in
                            let place = "\(isa) \(m)x\(k)x\(n)"
                            #expect(p.run(packed, .i32, aZeros: [3], bZeros: nil, empty: Int32(7)) == plain, "\(place)")
                            let y = p.run(
                                transposed, .i32, aZeros: m > 1 ? rowZeros : [rowZeros.first ?? 0], bZeros: zeros,
                                empty: Int32(7))
                            #expect(y == full, "\(place)")
                        }
                    }
                }
            }
        }

        /// The extremes, where sums of two products leave 16 bits, and a K whose sums come near to 2^31.
        @Test func extremesDoNotSaturate() throws {
            for (x, y) in [(255, 127), (255, 128), (0, 128)] as [(UInt8, UInt8)] {
                for k in [2, 64, 65_000] {
                    let p = Problem(
                        a: [UInt8](repeating: x, count: 3 * k), b: [UInt8](repeating: y, count: 2 * k), m: 3, k: k,
                        n: 2,
                        bIsSigned: true)
                    let expected = p.sums(aZero: { _ in 0 }, bZero: { _ in 0 })
                    let packed = try #require(p.packed())
                    atEachISA { isa in
                        #expect(p.run(packed, .i32, aZeros: [0], bZeros: nil, empty: Int32(1)) == expected, "\(isa)")
                    }
                }
            }
        }

        @Test(arguments: [ElementType.u8, .i8])
        func resultsAreScaledRoundedAndSaturated(_ type: ElementType) throws {
            let p = Self.problem(9, 20, 37, false, true, 5)
            let bias = (0..<37).map { Int32($0 * 1000 - 18_000) }
            let scale = (0..<37).map { Float($0 + 1) * 0x1p-12 }
            let zero: Int32 = type == .u8 ? 100 : -20
            let (low, high): (Double, Double) = type == .u8 ? (0, 255) : (-128, 127)
            let expected = p.sums(aZero: { _ in 128 }, bZero: { _ in 0 }).enumerated().map { index, sum in
                let value = Double(Float(sum &+ bias[index % 37]) * scale[index % 37])
                let level = value.rounded(.toNearestOrEven) + Double(zero)
                return UInt8(truncatingIfNeeded: Int(min(max(level, low), high)))
            }
            #expect(Set(expected).count > 50)
            let packed = try #require(p.packed())
            atEachISA { isa in
                bias.pointed { bias in
                    scale.pointed { scale in
                        let y = p.run(packed, type, aZeros: [128], bZeros: nil, empty: UInt8(1)) {
                            $0.bias = bias
                            $0.scale = scale
                            $0.zero = zero
                        }
                        #expect(y == expected, "\(isa)")
                        let floats = p.run(packed, .f32, aZeros: [128], bZeros: nil, empty: Float(1)) {
                            $0.scale = scale
                        }
                        let plain = p.sums(aZero: { _ in 128 }, bZero: { _ in 0 }).enumerated().map {
                            Float($1) * scale[$0 % 37]
                        }
                        #expect(floats == plain, "\(isa)")
                    }
                }
            }
        }

        @Test func quantizingRoundsTiesToEvenAndSaturates() {
            let x: [Float] = [
                0.5, 1.5, -0.5, 2.4999, 1e30, -1e30, .infinity, -.infinity, .nan, 63.5, -64.5, 0, 0, 0, 0, 0, 7,
            ]
            atEachISA { isa in
                var y = [UInt8](repeating: 1, count: x.count)
                Kernels.quantize(x, into: &y, type: .u8, scale: 0.5, zero: 3, count: x.count)
                #expect(y == [4, 6, 2, 8, 255, 0, 255, 0, 0, 130, 0, 3, 3, 3, 3, 3, 17], "\(isa)")
                Kernels.quantize(x, into: &y, type: .i8, scale: 1, zero: 0, count: x.count)
                let signed = y.map { Int8(bitPattern: $0) }
                #expect(signed == [0, 2, 0, 2, 127, -128, 127, -128, -128, 64, -64, 0, 0, 0, 0, 0, 7], "\(isa)")
            }
        }
    }
}
