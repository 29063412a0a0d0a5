import MartletKernels
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension KernelTests {
    /// Floats of 8 and 4 bits against their definition: sign, exponent, mantissa.
    @Suite struct SmallFloatTests {
        struct Layout: Sendable, CustomTestStringConvertible {
            let type: ElementType
            let mantissa: Int
            let bias: Int
            let sign: UInt8
            let top: UInt8
            let notANumber: UInt8
            /// What is above the range where numbers do not saturate.
            let over: UInt8
            let hasNegativeZero: Bool

            var testDescription: String { "\(type)" }

            /// The value of a code without sign, up to `top`, as a sum of powers of two.
            func value(_ code: UInt8) -> Double {
                let exponent = Int(code) >> mantissa
                let fraction = Double(Int(code) & (1 << mantissa - 1)) / Double(1 << mantissa)
                return exponent == 0 ? ldexp(fraction, Int32(1 - bias)) : ldexp(1 + fraction, Int32(exponent - bias))
            }
        }

        static let layouts = [
            Layout(
                type: .f8e4m3fn, mantissa: 3, bias: 7, sign: 0x80, top: 0x7e, notANumber: 0x7f, over: 0x7f,
                hasNegativeZero: true),
            Layout(
                type: .f8e4m3fnuz, mantissa: 3, bias: 8, sign: 0x80, top: 0x7f, notANumber: 0x80, over: 0x80,
                hasNegativeZero: false),
            Layout(
                type: .f8e5m2, mantissa: 2, bias: 15, sign: 0x80, top: 0x7b, notANumber: 0x7e, over: 0x7c,
                hasNegativeZero: true),
            Layout(
                type: .f8e5m2fnuz, mantissa: 2, bias: 16, sign: 0x80, top: 0x7f, notANumber: 0x80, over: 0x80,
                hasNegativeZero: false),
            Layout(
                type: .f4e2m1, mantissa: 1, bias: 1, sign: 0x8, top: 0x7, notANumber: 0x8, over: 0x7,
                hasNegativeZero: true),
        ]

        private func narrow<T: BitwiseCopyable>(
            _ x: [T], _ from: ElementType, _ to: ElementType, _ rounding: SmallFloatRounding = SmallFloatRounding()
        ) -> [UInt8] {
            var y = [UInt8](repeating: 0xee, count: x.count)
            x.withUnsafeBytes { source in
                y.withUnsafeMutableBytes { target in
                    guard let p = source.baseAddress, let q = target.baseAddress else { return }
                    Kernels.convert(p, from, into: q, to, count: x.count, rounding: rounding)
                }
            }
            return y
        }

        private func widen<T: BitwiseCopyable>(_ x: [UInt8], _ from: ElementType, _ to: ElementType, _ zero: T) -> [T] {
            var y = [T](repeating: zero, count: x.count)
            Kernels.convert(x, from, into: &y, to, count: x.count)
            return y
        }

        @Test(arguments: layouts)
        func everyCodeHasTheValueOfItsBitsAndComesBack(_ layout: Layout) {
            let codes = Array(0...layout.top)
            let expected = codes.map(layout.value)
            #expect(widen(codes, layout.type, .f64, 0.0) == expected)
            #expect(widen(codes, layout.type, .f32, Float(0)) == expected.map { Float($0) })
            #expect(widen(codes, layout.type, .f16, Float16(0)) == expected.map { Float16($0) })
            #expect(narrow(expected, .f64, layout.type) == codes)
            #expect(narrow(expected.map { Float($0) }, .f32, layout.type) == codes)
            let negative = codes.dropFirst().map { $0 | layout.sign }
            #expect(widen(negative, layout.type, .f32, Float(0)) == expected.dropFirst().map { -Float($0) })
            #expect(narrow(expected.dropFirst().map { -$0 }, .f64, layout.type) == negative)
            #expect(narrow([Float(-0.0)], .f32, layout.type) == [layout.hasNegativeZero ? layout.sign : 0])
        }

        @Test(arguments: layouts)
        func middlesGoToTheEvenCodeAndAllElseToTheNearest(_ layout: Layout) {
            for low in 0..<layout.top {
                let middle = (layout.value(low) + layout.value(low + 1)) / 2
                let even = low.isMultiple(of: 2) ? low : low + 1
                let x = [middle.nextDown, middle, middle.nextUp]
                #expect(narrow(x, .f64, layout.type) == [low, even, low + 1], "\(middle)")
                let floats = [Float(middle).nextDown, Float(middle), Float(middle).nextUp]
                #expect(narrow(floats, .f32, layout.type) == [low, even, low + 1], "\(middle)")
            }
        }

        @Test(arguments: layouts)
        func whatIsAboveTheRangeSaturatesOrNot(_ layout: Layout) {
            let top = layout.value(layout.top)
            // The middle between the largest number and the next one that its spacing would give.
            let limit = top + (top - layout.value(layout.top - 1)) / 2
            let x = [limit.nextUp, 1e300, .infinity, -limit.nextUp, -.infinity]
            let signed = layout.top | layout.sign
            #expect(narrow(x, .f64, layout.type) == [layout.top, layout.top, layout.top, signed, signed])
            let negative = layout.hasNegativeZero ? layout.over | layout.sign : layout.over
            #expect(
                narrow(x, .f64, layout.type, SmallFloatRounding(saturates: false))
                    == [layout.over, layout.over, layout.over, negative, negative])
            #expect(narrow([limit.nextDown], .f64, layout.type, SmallFloatRounding(saturates: false)) == [layout.top])
            #expect(narrow([Float.nan], .f32, layout.type) == [layout.notANumber])
            guard layout.type != .f4e2m1 else { return }
            #expect(widen([layout.notANumber], layout.type, .f32, Float(0))[0].isNaN)
        }

        /// Code c is 2^(c - 127).
        @Test func powersOfTwoRoundAsTold() {
            let codes = (0...254).map { UInt8($0) }
            let values = codes.map { ldexp(1.0, Int32($0) - 127) }
            #expect(widen(codes, .f8e8m0, .f64, 0.0) == values)
            #expect(widen([255], .f8e8m0, .f32, Float(0))[0].isNaN)
            let (up, nearest, down) = (
                SmallFloatRounding(), SmallFloatRounding(direction: .nearest), SmallFloatRounding(direction: .down)
            )
            for rounding in [up, nearest, down] { #expect(narrow(values, .f64, .f8e8m0, rounding) == codes) }
            let x = [0x1p-127 * 1.25, 1.0.nextUp, 1.5.nextDown, 1.5, 2.0.nextDown, 3, 0x1p127 * 1.75]
            #expect(narrow(x, .f64, .f8e8m0, up) == [1, 128, 128, 128, 128, 129, 254])
            #expect(narrow(x, .f64, .f8e8m0, nearest) == [0, 127, 127, 128, 128, 129, 254])
            #expect(narrow(x, .f64, .f8e8m0, down) == [0, 127, 127, 127, 127, 128, 254])
            let special: [Float] = [0, .infinity, .nan, 0x1p-140]
            #expect(narrow(special, .f32, .f8e8m0) == [0, 254, 255, 0])
            let strict = SmallFloatRounding(saturates: false, direction: .nearest)
            #expect(narrow(special, .f32, .f8e8m0, strict) == [255, 255, 255, 255])
        }

        @Test func integersOfLessThanAByteKeepTheLowBits() {
            let x: [Float] = [-9, -8, -1.9, 0.9, 7.5, 8, 15, 16]
            #expect(narrow(x, .f32, .i4).map { Int8(bitPattern: $0) } == [7, -8, -1, 0, 7, -8, -1, 0])
            #expect(narrow(x, .f32, .u4) == [7, 8, 15, 0, 7, 8, 15, 0])
            let whole: [Int64] = [-3, -2, -1, 0, 1, 2, 3, 1 << 40 | 1]
            #expect(narrow(whole, .i64, .i2).map { Int8(bitPattern: $0) } == [1, -2, -1, 0, 1, -2, -1, 1])
            #expect(narrow(whole, .i64, .u2) == [1, 2, 3, 0, 1, 2, 3, 1])
            #expect(widen([0xf8, 7], .i4, .i32, Int32(0)) == [-8, 7])
            #expect(widen([15], .u4, .f32, Float(0)) == [15])
        }

        /// 2^62 + 2^54 is the middle of two bfloat16 numbers; a double has no room for one more or less.
        @Test func wideIntegersRoundOnce() {
            let middle = 1 << 62 | 1 << 54
            var bf16 = [UInt16](repeating: 0, count: 3)
            Kernels.convert([Int64(middle - 1), Int64(middle), Int64(middle + 1)], .i64, into: &bf16, .bf16, count: 3)
            #expect(bf16 == [0x5e80, 0x5e80, 0x5e81])
        }
    }
}
