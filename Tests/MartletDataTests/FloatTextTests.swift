import MartletData
import Testing

struct FloatTextTests {
    /// SplitMix64: the same numbers in every run.
    struct Bits {
        var state: UInt64 = 42
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
    }

    @Test func randomFloatsReadAsSwiftWritesThem() {
        var bits = Bits()
        for _ in 0..<200_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits.next()))
            let text = value.shortestText
            if value.isNaN {
                #expect(text == "nan")
            } else if text != value.description {
                Issue.record("\(value.bitPattern): \(text), not \(value.description)")
            }
        }
    }

    @Test func everyExponentAndItsNeighbours() {
        for exponent in UInt32(0)..<255 {
            for fraction: UInt32 in [0, 1, 2, 3, 0x40_0000, 0x7f_fffe, 0x7f_ffff] {
                let value = Float(bitPattern: exponent << 23 | fraction)
                #expect(value.shortestText == value.description)
                #expect((-value).shortestText == (-value).description)
            }
        }
    }

    @Test func shortDecimalsAndIntegers() {
        for number in 0..<200_000 {
            let whole = Float(number)
            if whole.shortestText != whole.description { Issue.record("\(whole)") }
            let small = whole / 10_000
            if small.shortestText != small.description { Issue.record("\(small)") }
        }
        for value: Float in [16_777_215, 16_777_216, 16_777_218, 9.999999e-5, 0.0001, .infinity, -.infinity, 1e10] {
            #expect(value.shortestText == value.description)
        }
    }

    @Test func doublesOfFloatsReadAsFloatsAndOthersExactly() {
        #expect(Double(Float(0.1)).shortestText == "0.1")
        #expect((0.1).shortestText == "0.1")
        #expect((1.0 / 3).shortestText == "0.3333333333333333")
        #expect((-0.0).shortestText == "-0.0")
        #expect((33_554_432.0).shortestText == "33554432.0")
        // A float too, but as one it would read 123456790.
        #expect((123_456_792.0).shortestText == "123456792.0")
        #expect(Double.greatestFiniteMagnitude.shortestText == "1.7976931348623157e+308")
        #expect(Double.nan.shortestText == "nan")
    }

    @Test func doublesParseToTheNearest() {
        var bits = Bits()
        for _ in 0..<50_000 {
            let value = Double(bitPattern: bits.next())
            guard value.isFinite else { continue }
            #expect(parseDouble(value.description) == value)
            let short = Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits.next())))
            guard short.isFinite else { continue }
            #expect(parseDouble(Float(short).description) == Double(Float(short).description))
        }
        for text in [
            "1", "-1.5", ".5", "5.", "+3", "1e3", "1E-3", "9007199254740993", "1e22", "1e23", "0.1e-400", "000.5",
        ] {
            #expect(
                parseDouble(text) == Double(text.hasPrefix(".") ? "0" + text : text.hasSuffix(".") ? text + "0" : text))
        }
        #expect(parseDouble("inf") == .infinity)
        #expect(parseDouble("-Infinity") == -.infinity)
        #expect(parseDouble("NaN")?.isNaN == true)
    }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1.2.3", "1 ", " 1", "1,5", "1e999", "nanx", "--1", "in",
    ])
    func whatIsNoDouble(_ text: String) {
        #expect(parseDouble(text) == nil)
    }

    @Test func integersParseWithinTheirRange() {
        #expect(parseInt("9223372036854775807") == .max)
        #expect(parseInt("-9223372036854775808") == .min)
        #expect(parseInt("+7") == 7)
        #expect(parseInt("-0") == 0)
        for text in [
            "9223372036854775808", "-9223372036854775809", "99999999999999999999999", "", "-", "1.0", "1x", " 1",
        ] {
            #expect(parseInt(text) == nil)
        }
    }

    @Test func integersAreWrittenInFull() {
        for value: Int64 in [0, 9, 10, -1, 99, 100, .max, .min] {
            var bytes = [UInt8](repeating: 0, count: 20)
            let count = bytes.withUnsafeMutableBufferPointer { NumberText.write(value, to: $0.baseAddress!) }
            #expect(String(decoding: bytes[..<count], as: UTF8.self) == "\(value)")
        }
    }

    private func parseDouble(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { NumberText.parseDouble($0) }
    }

    private func parseInt(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { NumberText.parseInt($0) }
    }
}
