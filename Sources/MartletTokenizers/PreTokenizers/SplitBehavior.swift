/// What becomes of the matches of a pattern that cuts a text.
enum SplitBehavior: String, CaseIterable, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    init(_ part: PartReader, default standard: SplitBehavior? = nil) throws(TokenizerError) {
        guard let name = try part.optionalString("behavior") else {
            guard let standard else { throw part.invalid("behavior", "is missing") }
            self = standard
            return
        }
        guard let behavior = SplitBehavior(rawValue: name) else {
            throw part.invalid(
                "behavior", "is `\(name)`, should be one of " + Self.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self = behavior
    }

    /// Appends the pieces of `text` that `matches` (ascending, apart) leave; with `inverted`, the gaps are the matches. Empty
    /// matches cut too.
    func apply(
        _ matches: [Range<Int>], inverted: Bool = false, to text: UnsafeBufferPointer<UInt8>, isAtStart: Bool,
        into output: inout PieceList
    ) {
        var parts: [(range: Range<Int>, isMatch: Bool)] = []
        var last = 0
        for match in matches {
            if match.lowerBound > last { parts.append((last..<match.lowerBound, inverted)) }
            parts.append((match, !inverted))
            last = match.upperBound
        }
        if last < text.count { parts.append((last..<text.count, inverted)) }
        for range in ranges(parts) {
            output.append(
                UnsafeBufferPointer(rebasing: text[range]), isAtStart: isAtStart && range.lowerBound == 0)
        }
    }

    private func ranges(_ parts: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var previous = false
        switch self {
        case .removed: return parts.filter { !$0.isMatch }.map(\.range)
        case .isolated: return parts.map(\.range)
        case .contiguous, .mergedWithPrevious:
            for part in parts {
                let joins = self == .contiguous ? part.isMatch == previous : part.isMatch && !previous
                if joins, let last = ranges.popLast() {
                    ranges.append(last.lowerBound..<part.range.upperBound)
                } else {
                    ranges.append(part.range)
                }
                previous = part.isMatch
            }
            return ranges
        case .mergedWithNext:
            for part in parts.reversed() {
                if part.isMatch, !previous, let last = ranges.popLast() {
                    ranges.append(part.range.lowerBound..<last.upperBound)
                } else {
                    ranges.append(part.range)
                }
                previous = part.isMatch
            }
            return ranges.reversed()
        }
    }
}
