import MartletKernels
import MartletSupport

/// Cuts text into spans of whole records, for threads to read side by side.
///
/// Whether a place is inside quotes is told by the number of quotes before it, which holds up to the first misplaced quote;
/// behind that, spans mean nothing.
struct RecordSpans {
    /// nil: line ends always end records.
    let quote: UInt8?
    /// Whether a CR that no LF follows ends a record.
    let carriageReturnEnds: Bool

    /// Spans of about equal size, at most `parts`, from the start of `text`, which is that of a record. What follows the last
    /// whole record is left out unless `isAtEnd`.
    func cut(_ text: UnsafeBufferPointer<UInt8>, parts: Int, isAtEnd: Bool, pool: ThreadPool?) -> [Range<Int>] {
        let size = max(1, (text.count + parts - 1) / max(1, parts))
        let count = (text.count + size - 1) / size
        guard count > 0 else { return [] }
        let isOdd = oddQuotes(text, size: size, count: count, pool)
        var starts = [0]
        var inQuotes = false
        for part in 1..<max(1, count) {
            if isOdd[part - 1] { inQuotes.toggle() }
            guard part * size >= starts[starts.count - 1],
                let start = recordStart(text, from: part * size, inQuotes: inQuotes)
            else { continue }
            starts.append(start)
        }
        if isOdd[count - 1] { inQuotes.toggle() }
        let end = isAtEnd ? text.count : recordEnd(text, inQuotes: inQuotes)
        starts.removeAll { $0 >= end }
        return starts.indices.map { starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : end) }
    }

    /// For each part whether it has an odd number of quotes.
    private func oddQuotes(_ text: UnsafeBufferPointer<UInt8>, size: Int, count: Int, _ pool: ThreadPool?) -> [Bool] {
        guard let quote else { return Array(repeating: false, count: count) }
        let work = QuoteCounts(text: text, size: size, quote: quote, isOdd: .allocate(capacity: count))
        defer { work.isOdd.deallocate() }
        if let pool, count > 1 {
            pool.parallelFor(count) { work.count($0) }
        } else {
            for part in 0..<count { work.count(part) }
        }
        return Array(UnsafeBufferPointer(start: work.isOdd, count: count))
    }

    private struct QuoteCounts: @unchecked Sendable {
        let text: UnsafeBufferPointer<UInt8>
        let size: Int
        let quote: UInt8
        let isOdd: UnsafeMutablePointer<Bool>

        func count(_ part: Int) {
            let range = part * size..<min(text.count, (part + 1) * size)
            isOdd[part] = FieldScan.count(quote, in: UnsafeBufferPointer(rebasing: text[range])) & 1 != 0
        }
    }

    /// Behind the first record end at or after `start`; nil if there is none.
    private func recordStart(_ text: UnsafeBufferPointer<UInt8>, from start: Int, inQuotes: Bool) -> Int? {
        var inQuotes = inQuotes
        for index in start..<text.count {
            if text[index] == quote {
                inQuotes.toggle()
            } else if !inQuotes, endsRecord(text, index) {
                return index + 1
            }
        }
        return nil
    }

    /// Behind the last record end; 0 if there is none. `inQuotes` is about the end of the text.
    private func recordEnd(_ text: UnsafeBufferPointer<UInt8>, inQuotes: Bool) -> Int {
        var inQuotes = inQuotes
        for index in text.indices.reversed() {
            if text[index] == quote {
                inQuotes.toggle()
            } else if !inQuotes, endsRecord(text, index) {
                return index + 1
            }
        }
        return 0
    }

    /// A CR at the end of the text ends nothing: an LF may follow.
    private func endsRecord(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        if text[index] == 10 { return true }
        return carriageReturnEnds && text[index] == 13 && index + 1 < text.count && text[index + 1] != 10
    }
}
