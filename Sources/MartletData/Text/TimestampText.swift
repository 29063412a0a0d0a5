/// ISO 8601 text of timestamps: `2024-02-29T13:00:00.25Z`.
package enum TimestampText {
    /// Parses `YYYY-MM-DD`, then optionally `T` or a space, `HH:MM`, optionally `:SS` with up to nine decimals, and `Z`,
    /// `±HH`, `±HHMM` or `±HH:MM`; without a zone it is UTC. Digits beyond microseconds must be 0. Years 0001…9999.
    /// nil if the text is anything else.
    package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var reader = Reader(text: text)
        guard let year = reader.number(4), year > 0, reader.take("-"), let month = reader.number(2),
            (1...12).contains(month),
            reader.take("-"), let day = reader.number(2), day >= 1, day <= daysInMonth(month, year: year)
        else { return nil }
        var micros = Int64(daysSinceEpoch(year: year, month: month, day: day)) * 86_400_000_000
        if reader.isAtEnd { return micros }
        guard reader.take("T") || reader.take(" ") || reader.take("t"), let hour = reader.number(2), hour < 24,
            reader.take(":"), let minute = reader.number(2), minute < 60
        else { return nil }
        micros += Int64(hour * 3_600 + minute * 60) * 1_000_000
        if reader.take(":") {
            guard let second = reader.number(2), second < 60 else { return nil }
            micros += Int64(second) * 1_000_000
            if reader.take(".") {
                guard let fraction = reader.fraction() else { return nil }
                micros += fraction
            }
        }
        if reader.isAtEnd { return micros }
        if reader.take("Z") || reader.take("z") { return reader.isAtEnd ? micros : nil }
        let east = reader.take("+")
        guard east || reader.take("-"), let zoneHour = reader.number(2), zoneHour < 24 else { return nil }
        var zone = zoneHour * 60
        if !reader.isAtEnd {
            _ = reader.take(":")
            guard let zoneMinute = reader.number(2), zoneMinute < 60, reader.isAtEnd else { return nil }
            zone += zoneMinute
        }
        let utc = micros - Int64(east ? zone : -zone) * 60_000_000
        // A zone can push the first and the last hours out of the years that the text form has.
        return utc >= -62_135_596_800_000_000 && utc < 253_402_300_800_000_000 ? utc : nil
    }

    /// `2024-02-29T13:00:00Z`, with as many decimals as needed. Years outside 0001…9999 carry a sign and more digits.
    package static func text(_ micros: Int64) -> String {
        let (seconds, fraction) = floorDivide(micros, 1_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        let (year, month, day) = civil(days)
        func pad(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        var yearText = pad(abs(year), 4)
        if year < 0 { yearText = "-" + yearText }
        if year > 9999 { yearText = "+" + yearText }
        var text = "\(yearText)-\(pad(month, 2))-\(pad(day, 2))T"
        text += "\(pad(second / 3_600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
        if fraction != 0 {
            var decimals = pad(fraction, 6)
            while decimals.last == "0" { decimals.removeLast() }
            text += "." + decimals
        }
        return text + "Z"
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
        let rest = a % b
        return rest < 0 ? (a / b - 1, rest + b) : (a / b, rest)
    }

    private static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar. Years begin in March, so that a leap day ends one.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private struct Reader {
        let text: UnsafeBufferPointer<UInt8>
        var position = 0

        var isAtEnd: Bool { position == text.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func number(_ digits: Int) -> Int? {
            guard position + digits <= text.count else { return nil }
            var value = 0
            for _ in 0..<digits {
                let digit = text[position] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
                position += 1
            }
            return value
        }

        /// Microseconds of a decimal fraction.
        mutating func fraction() -> Int64? {
            let start = position
            var value: Int64 = 0
            while position < text.count, position - start < 9 {
                let digit = text[position] &- UInt8(ascii: "0")
                guard digit <= 9 else { break }
                if position - start < 6 {
                    value = value * 10 + Int64(digit)
                } else if digit != 0 {
                    return nil
                }
                position += 1
            }
            guard position > start else { return nil }
            for _ in min(position - start, 6)..<6 { value *= 10 }
            return value
        }
    }
}
