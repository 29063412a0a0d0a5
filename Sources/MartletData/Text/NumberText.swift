/// Numbers from text, without a locale and without allocation in the common case.
package enum NumberText {
    /// A decimal integer with an optional sign that fits 64 bits; nil otherwise.
    @inline(__always)
    package static func parseInt(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var index = 0
        let count = text.count
        guard count > 0 else { return nil }
        let negative = text[0] == UInt8(ascii: "-")
        if negative || text[0] == UInt8(ascii: "+") { index = 1 }
        guard index < count else { return nil }
        var value: UInt64 = 0
        // 18 digits cannot overflow.
        let safe = min(count, index &+ 18)
        while index < safe {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
        while index < count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
            index &+= 1
        }
        if negative {
            return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil
        }
        return Int64(exactly: value)
    }

    /// A decimal number (`1`, `-2.5`, `.5`, `5.`, `1e-3`) or `nan`, `inf`, `infinity` in any case, rounded to the nearest double.
    /// nil if it is anything else, hexadecimal included, or finite text beyond the range of a double.
    @inline(__always)
    package static func parseDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        let count = text.count
        var index = 0
        guard count > 0 else { return nil }
        let negative = text[0] == UInt8(ascii: "-")
        if negative || text[0] == UInt8(ascii: "+") { index = 1 }
        var mantissa: UInt64 = 0
        var significant = 0
        var digits = 0
        var exponent = 0
        while index < count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            digits &+= 1
            if significant > 0 || digit > 0 { significant &+= 1 }
            if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
            index &+= 1
        }
        if index < count, text[index] == UInt8(ascii: ".") {
            index &+= 1
            while index < count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                digits &+= 1
                if significant > 0 || digit > 0 { significant &+= 1 }
                if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
                exponent &-= 1
                index &+= 1
            }
        }
        guard digits > 0 else { return parseSpecial(text, from: index, negative: negative) }
        if index < count, text[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            var down = false
            if index < count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
                down = text[index] == UInt8(ascii: "-")
                index &+= 1
            }
            let start = index
            var value = 0
            while index < count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                value = min(value &* 10 &+ Int(digit), 1_000_000)
                index &+= 1
            }
            guard index > start else { return nil }
            exponent &+= down ? -value : value
        }
        guard index == count else { return nil }
        // Both operands are exact, so the one operation rounds once (W. Clinger, 1990).
        if significant <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let value = Double(mantissa)
            let scaled = exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
            return negative ? -scaled : scaled
        }
        return parseSlowly(text)
    }

    private static func parseSlowly(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    private static func parseSpecial(_ text: UnsafeBufferPointer<UInt8>, from start: Int, negative: Bool) -> Double? {
        guard text.count - start <= 8, text.count > start else { return nil }
        switch String(decoding: text[start...], as: UTF8.self).lowercased() {
        case "nan": return .nan
        case "inf", "infinity": return negative ? -.infinity : .infinity
        default: return nil
        }
    }

    /// `true` or `false` in any case.
    @inline(__always)
    package static func parseBool(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        switch text.count {
        case 4 where matches(text, "true"): true
        case 5 where matches(text, "false"): false
        default: nil
        }
    }

    private static func matches(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount where text[index] | 0x20 != word.utf8Start[index] { return false }
        return true
    }

    /// Writes `value` in decimal; at most 20 bytes. Returns the bytes written.
    @inline(__always)
    package static func write(_ value: Int64, to output: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value.magnitude
        var length = 1
        var probe = rest
        while probe >= 10 {
            probe /= 10
            length &+= 1
        }
        var start = 0
        if value < 0 {
            output[0] = UInt8(ascii: "-")
            start = 1
        }
        var index = start &+ length
        repeat {
            index &-= 1
            output[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while index > start
        return start &+ length
    }

    /// 10⁰ … 10²², all exact.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
