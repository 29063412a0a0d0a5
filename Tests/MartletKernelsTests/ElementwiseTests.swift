import Glibc
import MartletKernels
import Testing

extension KernelTests {
    @Suite struct ElementwiseTests {
        typealias Op = Kernels.UnaryOp
        static let a: Float = 0.3
        static let b: Float = 0.6

        /// The definition in fp64, and the error allowed in ULP, or absolutely where that is larger.
        static func reference(_ op: Op, _ x: Double) -> Double {
            let (a, b) = (Double(Self.a), Double(Self.b))
            func softplus(_ x: Double) -> Double { x > 40 ? x : Glibc.log1p(Glibc.exp(x)) }
            func clamp(_ x: Double, _ l: Double, _ h: Double) -> Double { x.isNaN ? x : Swift.min(h, Swift.max(l, x)) }
            switch op {
            case .neg: return -x
            case .abs: return Swift.abs(x)
            case .exp: return Glibc.exp(x)
            case .log: return Glibc.log(x)
            case .sqrt: return x.squareRoot()
            case .rsqrt: return 1 / x.squareRoot()
            case .reciprocal: return 1 / x
            case .square: return x * x
            case .erf: return Glibc.erf(x)
            case .tanh: return Glibc.tanh(x)
            case .sigmoid: return 1 / (1 + Glibc.exp(-x))
            case .relu: return x < 0 ? 0 : x
            case .geluErf: return 0.5 * x * Glibc.erfc(-x / 2.0.squareRoot())
            case .geluTanh:
                return x / (1 + Glibc.exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            case .silu: return x / (1 + Glibc.exp(-x))
            case .ceil: return x.rounded(.up)
            case .floor: return x.rounded(.down)
            case .round: return x.rounded(.toNearestOrEven)
            case .trunc: return x.rounded(.towardZero)
            case .sign: return x > 0 ? 1 : x < 0 ? -1 : x
            case .softsign: return x / (1 + Swift.abs(x))
            case .elu: return x < 0 ? a * Glibc.expm1(x) : x
            case .selu: return b * (x <= 0 ? a * Glibc.expm1(x) : x)
            case .leakyRelu: return x < 0 ? a * x : x
            case .hardSigmoid: return clamp(a * x + b, 0, 1)
            case .hardSwish: return x * clamp(x / 6 + 0.5, 0, 1)
            case .clip: return clamp(x, a, b)
            case .affine: return a * x + b
            case .not: return x == 0 ? 1 : 0
            case .softplus: return softplus(x)
            case .mish: return x * Glibc.tanh(softplus(x))
            case .celu: return x < 0 ? a * Glibc.expm1(x / a) : x
            case .thresholdedRelu: return x <= a ? 0 : x
            case .powScalar: return Glibc.pow(x, a)
            case .sin: return Glibc.sin(x)
            case .cos: return Glibc.cos(x)
            case .tan: return Glibc.tan(x)
            case .asin: return Glibc.asin(x)
            case .acos: return Glibc.acos(x)
            case .atan: return Glibc.atan(x)
            case .sinh: return Glibc.sinh(x)
            case .cosh: return Glibc.cosh(x)
            case .asinh: return Glibc.asinh(x)
            case .acosh: return Glibc.acosh(x)
            case .atanh: return Glibc.atanh(x)
            case .expm1: return Glibc.expm1(x)
            case .log1p: return Glibc.log1p(x)
            case .log2: return Glibc.log2(x)
            case .log10: return Glibc.log10(x)
            case .exp2: return Glibc.exp2(x)
            }
        }

        /// Absolute errors that are allowed beside 4 ULP: of approximations that are absolute by contract, and of sums
        /// that cancel.
        static func slack(_ op: Op) -> Double {
            switch op {
            case .geluErf: 1e-6
            case .geluTanh, .silu, .hardSigmoid, .affine, .hardSwish, .mish: 3e-7
            case .log: 1e-7
            case .sigmoid: 1.2e-38  // below the normal range it is 0
            default: 0
            }
        }

        static let finite: [Float] = {
            var random = Random(14)
            var x = random.floats(3000, -6, 6) + random.floats(500, -100, 100) + random.floats(500, -1e-3, 1e-3)
            x += (0..<500).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.bits()) & 0xbfff_ffff) }
            x += stride(from: -3, through: 3, by: 0.5)
            return x
        }()
        static let special: [Float] = [
            0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1p-133, -0x1p-133,
            .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1, 88.7, 88.73, -87.4, -103,
            -104.5, 0.5, 1.5, 2.5, -0.5, -1.5, 8_388_609,
        ]

        @Test(arguments: Op.allCases) func valuesMatchTheDefinition(_ op: Op) {
            // Arguments where the definition itself loses the float range, or where libm's float form does.
            let x = (Self.finite + Self.special).filter { x in
                switch op {
                case .geluErf, .geluTanh, .silu, .mish, .hardSwish: !x.isInfinite && Swift.abs(x) < 1e18
                case .sinh, .cosh, .exp2: Swift.abs(x) < 80 || !x.isFinite
                case .softplus: x > -80
                case .celu, .elu, .selu: x.isFinite || x > 0
                default: true
                }
            }
            atEachISA { isa in
                var y = [Float](repeating: 0, count: x.count)
                Kernels.unary(op, x, into: &y, count: x.count, a: Self.a, b: Self.b)
                for (x, y) in zip(x, y) {
                    let expected = Self.reference(op, Double(x))
                    let close = ulps(y, expected) <= 4 || Swift.abs(Double(y) - expected) <= Self.slack(op)
                    #expect(close, "\(isa) \(op)(\(x)) = \(y), not \(expected)")
                    if !close { return }
                }
            }
            var z = [Double](repeating: 0, count: x.count)
            #expect(
                Kernels.unary(
                    op, type: .f64, x.map(Double.init), into: &z, count: x.count, a: Double(Self.a), b: Double(Self.b)))
            for (x, z) in zip(x, z) {
                let expected = Self.reference(op, Double(x))
                #expect(
                    z == expected || z.isNaN && expected.isNaN
                        || Swift.abs(z - expected) <= 1e-12 * Swift.max(1, Swift.abs(expected)), "\(op)(\(x))")
            }
        }

        /// Length, alignment and place in the array do not change a single bit, and nothing is written past the end.
        @Test(arguments: Op.allCases) func lengthAndOffsetDoNotMatter(_ op: Op) {
            let pool = Array(Self.finite.prefix(40)) + Self.special + Array(Self.finite.suffix(20))
            atEachISA { isa in
                let one = pool.map { x in
                    var y: [Float] = [0]
                    Kernels.unary(op, [x], into: &y, count: 1, a: Self.a, b: Self.b)
                    return y[0].bitPattern
                }
                for n in 0...67 {
                    for offset in [0, 1, 3] {
                        var y = [Float](repeating: 42, count: pool.count + 8)
                        pool.pointed { p in
                            y.pointedMutably {
                                Kernels.unary(op, p + offset, into: $0 + offset, count: n, a: Self.a, b: Self.b)
                            }
                        }
                        let same = (0..<n).allSatisfy {
                            y[offset + $0].bitPattern == one[offset + $0]
                                || y[offset + $0].isNaN && Float(bitPattern: one[offset + $0]).isNaN
                        }
                        #expect(
                            same && y[..<offset].allSatisfy { $0 == 42 } && y[(offset + n)...].allSatisfy { $0 == 42 },
                            "\(isa) \(op) n \(n) offset \(offset)")
                    }
                }
            }
        }

        private func reference(_ op: Kernels.BinaryOp, _ x: Float, _ y: Float) -> Float {
            switch op {
            case .add: return x + y
            case .sub: return x - y
            case .mul: return x * y
            case .div: return x / y
            case .pow: return powf(x, y)
            case .min: return x.isNaN || y.isNaN ? .nan : Swift.min(x, y)
            case .max: return x.isNaN || y.isNaN ? .nan : Swift.max(x, y)
            case .fmod: return fmodf(x, y)
            case .atan2: return atan2f(x, y)
            case .mod:
                // Python: the result has the sign of the divisor.
                let r = fmodf(x, y)
                return r != 0 && (r < 0) != (y < 0) ? r + y : r
            }
        }

        @Test(arguments: Kernels.BinaryOp.allCases) func pairsMatchTheDefinition(_ op: Kernels.BinaryOp) {
            var random = Random(15)
            let x = Self.special.flatMap { s in Self.special.map { _ in s } } + random.floats(67, -5, 5)
            let y = Self.special.flatMap { _ in Self.special } + random.floats(67, -5, 5)
            atEachISA { isa in
                for (xs, ys) in [(1, 1), (0, 1), (1, 0)] {
                    for n in Array(0...67) + [x.count] {
                        var z = [Float](repeating: 42, count: n + 1)
                        #expect(Kernels.binary(op, type: .f32, x, xStep: xs, y, yStep: ys, into: &z, count: n))
                        let good = (0..<n).allSatisfy {
                            let e = reference(op, x[xs * $0], y[ys * $0])
                            return z[$0] == e || z[$0].isNaN && e.isNaN
                        }
                        #expect(good && z[n] == 42, "\(isa) \(xs) \(ys) \(n)")
                    }
                }
                var z = [Float](repeating: 0, count: 66)
                Kernels.binaryRows(op, x, y, into: &z, rows: 3, columns: 22)
                let good = (0..<66).allSatisfy {
                    let e = reference(op, x[$0], y[$0 % 22])
                    return z[$0] == e || z[$0].isNaN && e.isNaN
                }
                #expect(good, "rows \(isa)")
            }
            var d = [Double](repeating: 0, count: x.count)
            #expect(
                Kernels.binary(
                    op, type: .f64, x.map(Double.init), xStep: 1, y.map(Double.init), yStep: 1, into: &d,
                    count: x.count))
        }

        @Test(arguments: Kernels.CompareOp.allCases) func comparisonsMatch(_ op: Kernels.CompareOp) {
            func compare<T: Comparable>(_ x: T, _ y: T) -> UInt8 {
                switch op {
                case .eq: x == y ? 1 : 0
                case .ne: x != y ? 1 : 0
                case .lt: x < y ? 1 : 0
                case .le: x <= y ? 1 : 0
                case .gt: x > y ? 1 : 0
                case .ge: x >= y ? 1 : 0
                }
            }
            let x = Self.special.flatMap { s in Self.special.map { _ in s } }
            let y = Self.special.flatMap { _ in Self.special }
            atEachISA { _ in
                for (xs, ys) in [(1, 1), (0, 1), (1, 0)] {
                    var z = [UInt8](repeating: 9, count: x.count)
                    #expect(Kernels.compare(op, type: .f32, x, xStep: xs, y, yStep: ys, into: &z, count: x.count))
                    #expect(x.indices.allSatisfy { z[$0] == compare(x[xs * $0], y[ys * $0]) })
                }
            }
            var z: [UInt8] = [9, 9, 9]
            #expect(
                Kernels.compare(
                    op, type: .u64, [UInt64.max, 0, 5], xStep: 1, [UInt64(1), 1, 5], yStep: 1, into: &z, count: 3)
            )
            #expect(z == [compare(UInt64.max, 1), compare(0, 1), compare(5, 5)])
            #expect(!Kernels.compare(op, type: .f16, [UInt16(0)], xStep: 1, [UInt16(0)], yStep: 1, into: &z, count: 1))
        }

        @Test func integersWrapAndNeverTrap() {
            func run(_ op: Kernels.BinaryOp, _ x: Int32, _ y: Int32) -> Int32 {
                var z: [Int32] = [42]
                #expect(Kernels.binary(op, type: .i32, [x], xStep: 1, [y], yStep: 1, into: &z, count: 1))
                return z[0]
            }
            #expect(run(.add, .max, 1) == .min)
            #expect(run(.mul, 1 << 20, 1 << 20) == 0)
            #expect(run(.div, 7, -2) == -3)
            #expect(run(.div, 7, 0) == 0)
            #expect(run(.div, .min, -1) == .min)
            #expect(run(.mod, -7, 3) == 2)
            #expect(run(.mod, 7, -3) == -2)
            #expect(run(.mod, .min, -1) == 0)
            #expect(run(.fmod, -7, 3) == -1)
            #expect(run(.pow, 3, 4) == 81)
            #expect(run(.pow, -1, -3) == -1)
            #expect(run(.pow, 2, -1) == 0)
            var z: [Int64] = [0]
            #expect(Kernels.binary(.sub, type: .i64, [Int64.min], xStep: 1, [Int64(1)], yStep: 1, into: &z, count: 1))
            #expect(z == [.max])
            #expect(Kernels.unary(.abs, type: .i64, [Int64.min], into: &z, count: 1))
            #expect(z == [.min])
            #expect(!Kernels.unary(.exp, type: .i64, [Int64(1)], into: &z, count: 1))
            #expect(!Kernels.binary(.add, type: .u8, [UInt8(1)], xStep: 1, [UInt8(1)], yStep: 1, into: &z, count: 1))
        }

        @Test func selectAndLogic() {
            var z = [Int32](repeating: 0, count: 3)
            Kernels.select(
                elementSize: 4, [1, 0, 7], conditionStep: 1, [Int32(1), 2, 3], xStep: 1, [Int32(9)], yStep: 0, into: &z,
                count: 3)
            #expect(z == [1, 9, 3])
            var b = [UInt8](repeating: 9, count: 4)
            Kernels.logic(.and, [0, 0, 1, 2], xStep: 1, [0, 1, 0, 4], yStep: 1, into: &b, count: 4)
            #expect(b == [0, 0, 0, 1])
            Kernels.logic(.or, [0, 0, 1, 2], xStep: 1, [0, 1, 0, 4], yStep: 1, into: &b, count: 4)
            #expect(b == [0, 1, 1, 1])
            Kernels.logic(.xor, [0, 0, 1, 2], xStep: 1, [0, 1, 0, 4], yStep: 1, into: &b, count: 4)
            #expect(b == [0, 1, 1, 0])
        }
    }
}
