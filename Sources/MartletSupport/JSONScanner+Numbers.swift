/// A JSON number: an integer literal that fits 64 bits, or anything else, rounded to the nearest double.
package enum JSONNumber: Equatable, Sendable {
    case int(Int64)
    case double(Double)
}

extension JSONScanner {
    /// Scans a number. `-0`, fractions, exponents and integers beyond 64 bits are doubles, correctly rounded.
    package mutating func scanNumber() throws(JSONError) -> JSONNumber {
        skipWhitespace()
        let start = offset
        var index = offset
        var isNegative = false
        if index < end, byte(index) == UInt8(ascii: "-") {
            isNegative = true
            index += 1
        }
        // Up to 19 significant digits are kept exactly; beyond them the slow conversion decides.
        var mantissa: UInt64 = 0
        var significant = 0
        let integerStart = index
        while index < end, let digit = digit(at: index) {
            if significant > 0 || digit > 0 { significant += 1 }
            if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
            index += 1
        }
        guard index > integerStart else { throw missingDigit(at: index) }
        guard index == integerStart + 1 || byte(integerStart) != UInt8(ascii: "0") else {
            throw error(.leadingZero, at: integerStart)
        }
        var isInteger = true
        var exponent = 0
        if index < end, byte(index) == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            let fractionStart = index
            while index < end, let digit = digit(at: index) {
                if significant > 0 || digit > 0 { significant += 1 }
                if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
                index += 1
            }
            guard index > fractionStart else { throw missingDigit(at: index) }
            exponent = fractionStart - index
        }
        if index < end, byte(index) | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            var isDown = false
            if index < end, byte(index) == UInt8(ascii: "-") || byte(index) == UInt8(ascii: "+") {
                isDown = byte(index) == UInt8(ascii: "-")
                index += 1
            }
            let exponentStart = index
            var value = 0
            while index < end, let digit = digit(at: index) {
                value = min(value * 10 + Int(digit), 1_000_000)
                index += 1
            }
            guard index > exponentStart else { throw missingDigit(at: index) }
            exponent += isDown ? -value : value
        }
        offset = index
        if isInteger, significant <= 19, !(isNegative && mantissa == 0) {
            if !isNegative, let value = Int64(exactly: mantissa) { return .int(value) }
            if isNegative, mantissa <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- mantissa)) }
        }
        // Both operands are exact doubles, so one operation rounds once (Clinger's fast path).
        if significant <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let power = Self.powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return .double(isNegative ? -value : value)
        }
        guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), value.isFinite else {
            throw error(.numberOutOfRange, at: start)
        }
        return .double(value)
    }

    private func digit(at index: Int) -> UInt8? {
        let value = byte(index) &- UInt8(ascii: "0")
        return value <= 9 ? value : nil
    }

    private func missingDigit(at index: Int) -> JSONError {
        index < end
            ? error(.unexpectedByte(byte(index), expected: "a digit"), at: index) : error(.unexpectedEnd, at: index)
    }

    /// 10⁰ … 10²², all exact.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
