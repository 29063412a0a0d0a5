import MartletKernels
import Testing

extension KernelTests {
    /// Products with weights as they are stored. What each format decodes to is compared with another implementation in
    /// MartletModelsTests; here it is compared between instruction sets, and products with naive sums.
    @Suite struct BlockTests {
        /// Random bytes whose 16-bit scales are small numbers, as a whole number of blocks.
        static func bytes(_ format: BlockFormat, rows: Int, columns: Int, _ random: inout Random) throws -> [UInt8] {
            let count = try #require(format.rowBytes(columns)) * rows
            switch format {
            case .f32:
                return random.floats(rows * columns).flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
                }
            // Every pair of bytes with this upper one is a half-precision number of 0.06 to 0.5; a float32 of about 0.01.
            default: return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.bits() & 0x03 | 0x2c) }
            }
        }

        static func rows(_ matrix: BlockMatrix, count: Int) -> [Float] {
            var result = [Float](repeating: .nan, count: count * matrix.columns)
            let ids = (0..<Int32(count)).map { $0 }
            result.pointedMutably { to in
                ids.withUnsafeBufferPointer { Kernels.gather(matrix, ids: $0.baseAddress!, into: to, rows: count) }
            }
            return result
        }

        static func product(
            _ a: [Float], _ matrix: BlockMatrix, rows: Range<Int>, of m: Int, columns: [Range<Int>], n: Int,
            bias: [Float]? = nil, activation: Kernels.Activation = .none, residual: [Float]? = nil
        ) -> [Float] {
            var c = [Float](repeating: .nan, count: m * n)
            let size = Kernels.blockScratch(columns: matrix.columns, rows: m)
            var scratch = [Float](repeating: .nan, count: size + 16)
            c.pointedMutably { c in
                a.pointed { a in
                    scratch.withUnsafeMutableBufferPointer { scratch in
                        var call = Kernels.BlockGemm(a: a, b: matrix, c: c, cStride: n, activation: activation)
                        func run() {
                            for range in columns {
                                Kernels.gemm(call, rows: rows, columns: range, scratch: scratch.baseAddress!)
                            }
                        }
                        (bias ?? [0]).pointed { b in
                            (residual ?? [0]).pointed { r in
                                if bias != nil { call.bias = b }
                                if residual != nil { call.residual = r }
                                run()
                            }
                        }
                    }
                }
            }
            return c
        }

        @Test(arguments: BlockFormat.allCases)
        func everyInstructionSetDecodesTheSame(_ format: BlockFormat) throws {
            var random = Random(3)
            let columns = 512
            let data = try [0] + Self.bytes(format, rows: 3, columns: columns, &random)
            // One byte off every alignment.
            data.withUnsafeBytes { data in
                let matrix = BlockMatrix(data.baseAddress! + 1, format: format, columns: columns)
                var expected: [Float] = []
                atEachISA { isa in
                    let found = Self.rows(matrix, count: 3)
                    if isa == .scalar { expected = found }
                    for (x, y) in zip(found, expected) {
                        #expect(x.isFinite && (x - y).magnitude <= 1e-5 * max(1, y.magnitude), "\(isa) \(format.name)")
                    }
                }
            }
        }

        @Test(arguments: [BlockFormat.f32, .f16, .q41, .q6K])
        func productsAreSumsAndRowsDoNotKnowEachOther(_ format: BlockFormat) throws {
            var random = Random(5)
            let (columns, n) = (512, 53)
            let data = try Self.bytes(format, rows: n, columns: columns, &random)
            data.withUnsafeBytes { data in
                let matrix = BlockMatrix(data.baseAddress!, format: format, columns: columns)
                for m in [1, 2, 3, 4, 5, 8, 13] {
                    let a = random.floats(m * columns)
                    let bias = random.floats(n)
                    let residual = random.floats(m * n)
                    atEachISA { isa in
                        let b = Self.rows(matrix, count: n)
                        let c = Self.product(
                            a, matrix, rows: 0..<m, of: m, columns: [0..<24, 24..<n], n: n, bias: bias,
                            activation: .relu, residual: residual)
                        for i in 0..<m {
                            for j in 0..<n {
                                var sum = Double(bias[j])
                                var scale = 1.0
                                for k in 0..<columns {
                                    let term = Double(a[i * columns + k]) * Double(b[j * columns + k])
                                    sum += term
                                    scale += term.magnitude
                                }
                                let expected = max(0, sum) + Double(residual[i * n + j])
                                #expect((Double(c[i * n + j]) - expected).magnitude < 1e-6 * scale, "\(isa) \(i) \(j)")
                            }
                            let alone = Self.product(
                                Array(a[i * columns..<(i + 1) * columns]), matrix, rows: 0..<1, of: 1,
                                columns: [0..<n], n: n, bias: bias, activation: .relu,
                                residual: Array(residual[i * n..<(i + 1) * n]))
                            #expect(alone == Array(c[i * n..<(i + 1) * n]), "\(isa) row \(i) of \(m)")
                        }
                    }
                }
            }
        }

        @Test(arguments: [2, 4, 8])
        func packedWeightsAreIntegersLessZerosTimesScales(_ bits: Int) throws {
            var random = Random(UInt64(bits))
            let (rows, columns, group) = (3, 44, 16)
            let groups = 3
            let each = 8 / bits
            let data = (0..<rows * groups * group / each).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
            let zeroBytes = (groups * bits + 7) / 8
            let zeros = (0..<rows * zeroBytes).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
            let scales = random.floats(rows * groups)
            func integer(_ bytes: ArraySlice<UInt8>, _ index: Int) -> Float {
                Float(Int(bytes[bytes.startIndex + index / each]) >> (index % each * bits) & (1 << bits - 1))
            }
            var expected: [Float] = []
            for row in 0..<rows {
                for column in 0..<columns {
                    let q = integer(data[(row * groups * group / each)...], column)
                    let zero = integer(zeros[(row * zeroBytes)...], column / group)
                    expected.append((q - zero) * scales[row * groups + column / group])
                }
            }
            data.withUnsafeBufferPointer { data in
                zeros.withUnsafeBufferPointer { zeros in
                    scales.pointed { scales in
                        let matrix = BlockMatrix(
                            packed: data.baseAddress!, bits: bits, group: group, columns: columns, scales: scales,
                            zeros: .packed(zeros.baseAddress!))
                        atEachISA { isa in #expect(Self.rows(matrix, count: rows) == expected, "\(isa)") }
                    }
                }
            }
        }
    }
}
