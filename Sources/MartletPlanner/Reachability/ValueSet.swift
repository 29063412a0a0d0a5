import MartletData

/// A set of values of one ordered type, null among them or not: what a comparison with a constant lets through.
///
/// Kept as the places at which membership changes, in the order of the language (NaN greatest, strings by bytes).
struct ValueSet: Sendable {
    /// Where membership changes: just below a value, or just above it.
    struct Cut: Sendable {
        var value: Value
        var isAbove: Bool

        static func < (a: Cut, b: Cut) -> Bool {
            let place = order(a.value, b.value)
            return place != 0 ? place < 0 : !a.isAbove && b.isAbove
        }
    }

    /// Whether values below the first cut are members.
    private var startsInside: Bool
    private var cuts: [Cut]
    var hasNull: Bool

    static let nothing = ValueSet(startsInside: false, cuts: [], hasNull: false)
    static let null = ValueSet(startsInside: false, cuts: [], hasNull: true)
    /// Everything but null.
    static let known = ValueSet(startsInside: true, cuts: [], hasNull: false)

    /// Values before `cut`.
    static func below(_ cut: Cut) -> ValueSet { ValueSet(startsInside: true, cuts: [cut], hasNull: false) }

    static func only(_ value: Value) -> ValueSet {
        ValueSet(
            startsInside: false, cuts: [Cut(value: value, isAbove: false), Cut(value: value, isAbove: true)],
            hasNull: false)
    }

    var isEmpty: Bool { !startsInside && cuts.isEmpty && !hasNull }

    func intersection(_ other: ValueSet) -> ValueSet { combined(other) { $0 && $1 } }
    func union(_ other: ValueSet) -> ValueSet { combined(other) { $0 || $1 } }
    func subtracting(_ other: ValueSet) -> ValueSet { combined(other) { $0 && !$1 } }
    func isSubset(of other: ValueSet) -> Bool { subtracting(other).isEmpty }

    private func combined(_ other: ValueSet, _ rule: (Bool, Bool) -> Bool) -> ValueSet {
        var (a, b) = (startsInside, other.startsInside)
        var result = ValueSet(startsInside: rule(a, b), cuts: [], hasNull: rule(hasNull, other.hasNull))
        var inside = result.startsInside
        var (i, j) = (0, 0)
        while i < cuts.count || j < other.cuts.count {
            let takesLeft = j == other.cuts.count || i < cuts.count && !(other.cuts[j] < cuts[i])
            let takesRight = i == cuts.count || j < other.cuts.count && !(cuts[i] < other.cuts[j])
            let cut = takesLeft ? cuts[i] : other.cuts[j]
            if takesLeft {
                a.toggle()
                i += 1
            }
            if takesRight {
                b.toggle()
                j += 1
            }
            if rule(a, b) != inside {
                inside.toggle()
                result.cuts.append(cut)
            }
        }
        return result
    }

    /// For ints the set has no gaps between neighbours: above 3 is below 4.
    func overInts() -> ValueSet {
        var result = ValueSet(startsInside: startsInside, cuts: [], hasNull: hasNull)
        for cut in cuts {
            var cut = cut
            if cut.isAbove, case .int(let value) = cut.value, value < .max {
                cut = Cut(value: .int(value + 1), isAbove: false)
            }
            if let last = result.cuts.last, !(last < cut) {
                result.cuts.removeLast()
            } else {
                result.cuts.append(cut)
            }
        }
        return result
    }
}
