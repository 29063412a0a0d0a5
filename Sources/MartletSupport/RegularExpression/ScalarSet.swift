/// A set of Unicode scalars as ranges that are ascending and do not touch.
struct ScalarSet: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<UInt32>]

    static let last: UInt32 = 0x10FFFF
    static let all = ScalarSet(0...last)

    init() {
        ranges = []
    }

    init(_ range: ClosedRange<UInt32>) {
        ranges = [range]
    }

    init(_ scalar: UInt32) {
        ranges = [scalar...scalar]
    }

    init(_ scalars: some Sequence<Character>) {
        self.init(scalars.flatMap(\.unicodeScalars).map { $0.value...$0.value })
    }

    /// Of ranges in any order.
    init(_ unsorted: [ClosedRange<UInt32>]) {
        ranges = []
        for range in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// The scalar of a set of one.
    var single: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= scalar
    }

    func union(_ other: ScalarSet) -> ScalarSet {
        if isEmpty { return other }
        return other.isEmpty ? self : ScalarSet(ranges + other.ranges)
    }

    func intersection(_ other: ScalarSet) -> ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var (left, right) = (0, 0)
        while left < ranges.count, right < other.ranges.count {
            let (a, b) = (ranges[left], other.ranges[right])
            if a.overlaps(b) { result.append(a.clamped(to: b)) }
            if a.upperBound < b.upperBound { left += 1 } else { right += 1 }
        }
        return ScalarSet(result)
    }

    func isDisjoint(with other: ScalarSet) -> Bool {
        var (left, right) = (0, 0)
        while left < ranges.count, right < other.ranges.count {
            if ranges[left].overlaps(other.ranges[right]) { return false }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return true
    }

    var complement: ScalarSet {
        var result = ScalarSet()
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.ranges.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { result.ranges.append(next...Self.last) }
        return result
    }

    /// With every scalar that is equal to one of the set when case is ignored.
    var ignoringCase: ScalarSet {
        var added: [ClosedRange<UInt32>] = []
        for orbit in UnicodeProperties.orbits where orbit.contains(where: contains) {
            added += orbit.map { $0...$0 }
        }
        return added.isEmpty ? self : ScalarSet(ranges + added)
    }
}
