/// How long texts are cut.
struct Truncation: Equatable, Sendable {
    enum Strategy: String, CaseIterable, Sendable {
        /// Cuts the longer text of a pair, then both evenly.
        case longestFirst = "LongestFirst"
        case onlyFirst = "OnlyFirst"
        case onlySecond = "OnlySecond"
    }
    /// Most tokens, special ones included.
    var limit: Int
    var strategy = Strategy.longestFirst
    /// Cuts at the left end, else at the right.
    var cutsLeft = false

    init(limit: Int) {
        self.limit = limit
    }

    init(_ part: PartReader) throws(TokenizerError) {
        limit = try part.count("max_length")
        if let name = try part.optionalString("strategy") {
            guard let strategy = Strategy(rawValue: name) else {
                throw part.invalid(
                    "strategy",
                    "is `\(name)`, should be one of "
                        + Strategy.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self.strategy = strategy
        }
        if let direction = try part.optionalString("direction") {
            guard direction == "Left" || direction == "Right" else {
                throw part.invalid("direction", "is `\(direction)`, should be Left or Right")
            }
            cutsLeft = direction == "Left"
        }
    }

    /// How many tokens of each text stay. `second` is nil when there is one text.
    func lengths(first: Int, second: Int?, specials: Int) throws(TokenizerError) -> (first: Int, second: Int) {
        guard first + (second ?? 0) + specials > limit else { return (first, second ?? 0) }
        guard limit >= specials else { throw .limitTooSmall(limit: limit, needed: specials) }
        let room = limit - specials
        let excess = first + (second ?? 0) - room
        if room == 0 { return (0, 0) }
        switch strategy {
        case .longestFirst:
            guard let second else { return (room, 0) }
            let shorter = min(first, second)
            var kept = (shorter, shorter > room ? shorter : max(shorter, room - shorter))
            if kept.0 + kept.1 > room { kept = (room / 2, room / 2 + room % 2) }
            return first <= second ? kept : (kept.1, kept.0)
        case .onlyFirst:
            guard first > excess else { throw .cannotTruncate(strategy: strategy.rawValue, limit: limit) }
            return (first - excess, second ?? 0)
        case .onlySecond:
            guard let second, second > excess else { throw .cannotTruncate(strategy: strategy.rawValue, limit: limit) }
            return (first, second - excess)
        }
    }
}
