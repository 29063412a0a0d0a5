/// `text` without ASCII white space at either end.
func trimmed(_ text: String) -> Substring {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || (scalar.value >= 9 && scalar.value <= 13) }
    var rest = text.unicodeScalars[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return Substring(rest)
}

func parseBool(_ text: Substring) -> Bool? {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1": true
    case "false", "f", "no", "n", "0": false
    default: nil
    }
}

/// Decimal digits with an optional sign.
func parseInt(_ text: Substring) -> Int64? {
    text.utf8.count <= 64 ? Int64(text, radix: 10) : nil
}

/// A decimal number, `nan`, `inf` or `infinity`, with an optional sign.
func parseFloat(_ text: Substring) -> Double? {
    let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "x") && $0 != UInt8(ascii: "X") && $0 != UInt8(ascii: "(") }
    return isPlain && text.utf8.count <= 1_024 ? Double(text) : nil
}

/// ISO 8601: `2024-01-02`, then optionally `T` or a space and `03:04[:05[.123456]]`, then optionally `Z`, `+02:00`, `+02` or
/// `+0200`. Without an offset the time is UTC. Digits beyond microseconds are cut off. Years 0001 to 9999.
func parseTimestamp(_ text: Substring) -> Int64? {
    var scanner = DigitScanner(text)
    guard let year = scanner.digits(4), year >= 1, scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
        let day = scanner.digits(2), (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year)
    else { return nil }
    var seconds = dayNumber(year: year, month: month, day: day) * 86_400
    var fraction: Int64 = 0
    if scanner.take("T") || scanner.take("t") || (!scanner.isAtEnd && scanner.take(" ")) {
        guard let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2), hour < 24, minute < 60
        else { return nil }
        seconds += hour * 3_600 + minute * 60
        if scanner.take(":") {
            guard let second = scanner.digits(2), second < 60 else { return nil }
            seconds += second
            if scanner.take(".") {
                guard let parsed = scanner.microseconds() else { return nil }
                fraction = parsed
            }
        }
        if scanner.take("Z") || scanner.take("z") {
        } else if let sign: Int64 = scanner.take("+") ? 1 : scanner.take("-") ? -1 : nil {
            guard let hour = scanner.digits(2), hour < 24 else { return nil }
            _ = scanner.take(":")
            let minute = scanner.isAtEnd ? 0 : scanner.digits(2) ?? 60
            guard minute < 60 else { return nil }
            seconds -= sign * (hour * 3_600 + minute * 60)
        }
    }
    return scanner.isAtEnd ? seconds * 1_000_000 + fraction : nil
}

private func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
}

private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: Substring) { rest = text.utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly `count` digits.
    mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = rest.first, digit >= 48, digit <= 57 else { return nil }
            value = value * 10 + Int64(digit - 48)
            rest.removeFirst()
        }
        return value
    }

    /// One or more digits after the point, as microseconds.
    mutating func microseconds() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = rest.first, digit >= 48, digit <= 57 {
            if count < 6 { value = value * 10 + Int64(digit - 48) }
            count += 1
            rest.removeFirst()
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }
}
