import MartletData

extension Value {
    /// The value as an expression of the language, for plans.
    package var literal: String {
        switch self {
        case .string(let value):
            "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        case .timestamp(let value): "'\(timestampText(value))'::timestamp"
        case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
        case .structure(let fields):
            "{" + fields.map { "\($0.name): \($0.value.literal)" }.joined(separator: ", ") + "}"
        default: text
        }
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef")
    return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
}

/// The shortest text that reads back as `value`: `1.0`, `0.1`, `1e-05`, `nan`, `inf`.
package func floatText(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return "\(value)"
}

private func tensorText(_ tensor: Tensor) -> String {
    func text(_ dims: ArraySlice<Int>, _ start: Int) -> String {
        guard let size = dims.first else {
            if tensor.dtype == .float32, case .float(let value) = tensor.element(at: start) {
                return value.isFinite ? "\(Float(value))" : floatText(value)
            }
            return tensor.element(at: start).text
        }
        let rest = dims.dropFirst()
        let stride = rest.reduce(1, *)
        return "[" + (0..<size).map { text(rest, start + $0 * stride) }.joined(separator: ", ") + "]"
    }
    return text(tensor.shape[...], 0)
}

/// `2024-01-02 03:04:05`, with as many digits of the second's fraction as it has; always UTC.
package func timestampText(_ microseconds: Int64) -> String {
    let (days, inDay) = floorDivide(microseconds, 86_400_000_000)
    let date = civilDate(days: days)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let seconds = inDay / 1_000_000
    let fraction = inDay % 1_000_000
    let year = "\(abs(date.year))"
    let padded = String(repeating: "0", count: max(0, 4 - year.count)) + year
    var text = (date.year < 0 ? "-" : "") + "\(padded)-\(two(date.month))-\(two(date.day))"
    text += " \(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    if fraction > 0 {
        var digits = "\(fraction + 1_000_000)".dropFirst()
        while digits.last == "0" { digits.removeLast() }
        text += ".\(digits)"
    }
    return text
}

func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
    let remainder = a % b
    return remainder < 0 ? (a / b - 1, remainder + b) : (a / b, remainder)
}

/// Proleptic Gregorian date of a day number since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let (era, dayOfEra) = floorDivide(shifted, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

/// Day number since 1970-01-01 of a proleptic Gregorian date; the inverse of `civilDate`.
func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shiftedYear, 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
