import MartletKernels
import Testing

extension KernelTests {
    @Suite struct ConvertTests {
        private func convert<A: BitwiseCopyable, B: BitwiseCopyable>(
            _ x: [A], _ from: ElementType, _ to: ElementType, _ zero: B
        ) -> [B] {
            var y = [B](repeating: zero, count: x.count)
            Kernels.convert(x, from, into: &y, to, count: x.count)
            return y
        }

        @Test func everyHalfIsExactBothWays() {
            let all = (0...UInt16.max).map { $0 }
            atEachISA { isa in
                let f16 = convert(all, .f16, .f32, Float(0))
                let bf16 = convert(all, .bf16, .f32, Float(0))
                for (bits, value) in zip(all, f16) {
                    let expected = Float(Float16(bitPattern: bits))
                    if expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern {
                        Issue.record("\(isa) f16 \(bits) became \(value)")
                        return
                    }
                }
                #expect(zip(all, bf16).allSatisfy { UInt32($0) << 16 == $1.bitPattern }, "\(isa)")
                let back16 = convert(f16, .f32, .f16, UInt16(0))
                let backBF = convert(bf16, .f32, .bf16, UInt16(0))
                for i in all.indices {
                    let quiet16 = Float16(bitPattern: all[i]).isNaN ? all[i] | 0x200 : all[i]
                    let quietBF = bf16[i].isNaN ? all[i] | 0x40 : all[i]
                    if back16[i] != quiet16 || backBF[i] != quietBF {
                        Issue.record("\(isa) \(all[i]) came back as \(back16[i]), \(backBF[i])")
                        return
                    }
                }
            }
        }

        /// At and around the middle of each two neighbouring halves.
        @Test func roundingIsToNearestEven() {
            var x: [Float] = []
            for bits in stride(from: UInt16(0), to: 0x7c00, by: 1) {
                let low = Float(Float16(bitPattern: bits))
                let high = bits == 0x7bff ? 65536 : Float(Float16(bitPattern: bits + 1))
                let middle = (low + high) / 2
                x += [middle.nextDown, middle, middle.nextUp, -middle]
            }
            let expected = x.map { Float16($0).bitPattern }
            // bfloat16: the definition, on integers
            let wide = x.map { value -> UInt16 in
                let u = value.bitPattern
                let (kept, rest) = (u >> 16, u & 0xffff)
                return UInt16(kept + (rest > 0x8000 || rest == 0x8000 && kept & 1 == 1 ? 1 : 0))
            }
            atEachISA { isa in
                #expect(convert(x, .f32, .f16, UInt16(0)) == expected, "\(isa)")
                #expect(convert(x, .f32, .bf16, UInt16(0)) == wide, "\(isa)")
            }
            // From fp64 there is one rounding, not two.
            let justAbove = 1 + 0x1p-11 + 0x1p-40
            #expect(convert([justAbove, -justAbove], .f64, .f16, UInt16(0)) == [0x3c01, 0xbc01])
            #expect(convert([1 + 0x1p-11], .f64, .f16, UInt16(0)) == [0x3c00])
        }

        @Test func floatsSaturateAndTruncate() {
            let x: [Float] = [1.9, -1.9, .nan, .infinity, -.infinity, 3e9, -3e9, 300, -300, 0]
            #expect(convert(x, .f32, .i32, Int32(0)) == [1, -1, 0, .max, .min, .max, .min, 300, -300, 0])
            #expect(convert(x, .f32, .u8, UInt8(0)) == [1, 0, 0, 255, 0, 255, 0, 255, 0, 0])
            #expect(convert(x, .f32, .i8, Int8(0)) == [1, -1, 0, 127, -128, 127, -128, 127, -128, 0])
            #expect(
                convert(x, .f32, .i64, Int64(0)) == [1, -1, 0, .max, .min, 3_000_000_000, -3_000_000_000, 300, -300, 0])
            #expect(convert(x, .f32, .bool, UInt8(9)) == [1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
            #expect(convert([1e20, -1], .f64, .u64, UInt64(0)) == [.max, 0])
        }

        @Test func integersKeepTheirLowBits() {
            #expect(convert([Int64(-1), 257, 1 << 33], .i64, .u8, UInt8(0)) == [255, 1, 0])
            #expect(convert([Int32(-5)], .i32, .i64, Int64(0)) == [-5])
            #expect(convert([UInt32.max], .u32, .f32, Float(0)) == [4_294_967_296])
            #expect(convert([UInt8(2), 0], .bool, .f32, Float(0)) == [1, 0])
            #expect(convert([Int8(-3)], .i8, .f16, UInt16(0)) == [Float16(-3).bitPattern])
            #expect(convert([Float16(-3.5).bitPattern], .f16, .i16, Int16(0)) == [-3])
            #expect(convert([Float16(1.5).bitPattern], .f16, .bf16, UInt16(0)) == [0x3fc0])
        }

        @Test func everyPairConvertsAtEveryLengthAndAddress() {
            for from in ElementType.allCases where from != .opaque {
                for to in ElementType.allCases where to != .opaque {
                    for n in [0, 1, 15, 16, 17, 300] {
                        // E8M0 has no zero.
                        let ones = (0..<n).map { from == .f8e8m0 || to == .f8e8m0 ? 1 : UInt8($0 & 1) }
                        let x = convert(ones, .u8, from, UInt64(0))
                        var bytes = [UInt8](repeating: 0, count: n * 8 + 1)
                        var out = [UInt8](repeating: 0xee, count: n * 8 + 9)
                        var back = [UInt8](repeating: 9, count: n)
                        bytes.pointedMutably { bytes in
                            x.pointed {
                                UnsafeMutableRawPointer(bytes + 1).copyMemory(from: $0, byteCount: n * from.size)
                            }
                            out.pointedMutably { Kernels.convert(bytes + 1, from, into: $0 + 1, to, count: n) }
                        }
                        out.pointed { Kernels.convert($0 + 1, to, into: &back, .u8, count: n) }
                        #expect(back == ones, "\(from) to \(to), \(n)")
                        #expect(out[0] == 0xee && out[1 + n * to.size] == 0xee)
                    }
                }
            }
        }

        @Test(arguments: [1, 2, 4, 8])
        func stridedCopiesMatchTheNaiveLoop(_ size: Int) {
            let views: [([Int], [Int], Int)] = [
                ([], [], 3), ([0, 4], [4, 1], 0), ([5], [1], 2), ([7], [-1], 6), ([4], [0], 1), ([3, 5], [5, 1], 0),
                ([5, 3], [1, 5], 0), ([33, 17], [1, 40], 0), ([2, 3, 4], [1, 2, 6], 0),
                ([3, 1, 20, 18], [400, 7, 1, 20], 0),
                ([2, 4, 3, 5], [60, 5, 20, 1], 0), ([19, 2, 18], [1, 400, 20], 5), ([2, 3], [0, 1], 0),
                ([4, 3], [-3, 1], 9),
                ([6, 5], [1, -6], 24), ([2, 2, 2, 2, 2], [1, 2, 4, 8, 16], 0),
            ]
            let source = (0..<1500 * size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            for (shape, strides, base) in views {
                let count = shape.reduce(1, *)
                var expected: [UInt8] = []
                for i in 0..<count {
                    var rest = i
                    var at = base
                    for axis in shape.indices.reversed() {
                        at += rest % shape[axis] * strides[axis]
                        rest /= shape[axis]
                    }
                    expected += source[at * size..<(at + 1) * size]
                }
                atEachISA { isa in
                    var y = [UInt8](repeating: 0, count: count * size + 8)
                    source.pointed { source in
                        y.pointedMutably {
                            Kernels.stridedCopy(
                                source + base * size, into: $0, elementSize: size, shape: shape, strides: strides)
                        }
                    }
                    #expect(Array(y[..<(count * size)]) == expected, "\(isa) \(shape) \(strides)")
                    #expect(y[(count * size)...].allSatisfy { $0 == 0 })
                }
            }
        }

        @Test func transpositionsMatch() {
            var random = Random(16)
            for (rows, columns) in [(1, 1), (3, 20), (16, 16), (17, 33), (40, 9), (64, 48)] {
                let x = random.floats(rows * columns)
                let expected = (0..<rows * columns).map { x[$0 % rows * columns + $0 / rows] }
                atEachISA { isa in
                    var y = [Float](repeating: 0, count: rows * columns)
                    Kernels.transpose(x, into: &y, rows: rows, columns: columns)
                    #expect(y == expected, "\(isa) \(rows)x\(columns)")
                }
            }
        }
    }
}
