/// What a tier of a cascade says of labelled rows.
package struct TierAnswers: Sendable {
    /// By row, how sure the tier is: it answers the rows that reach its threshold. NaN where it never answers. Not looked at for
    /// the last tier, which answers all that is left.
    package var sureness: [Double]
    /// By row, whether its answer is not the right one.
    package var isWrong: [Bool]
    /// Floating-point operations of one row.
    package var cost: Double
    /// Whether its threshold is given: then it answers every row whose sureness is a number.
    package var isFixed: Bool

    package init(sureness: [Double], isWrong: [Bool], cost: Double, isFixed: Bool = false) {
        self.sureness = sureness
        self.isWrong = isWrong
        self.cost = cost
        self.isFixed = isFixed
    }
}

/// The thresholds of a cascade that cost least among those for which labelled rows prove a target.
///
/// "Learn then Test" (Angelopoulos, Bates, Candès, Jordan and Lei 2021, arXiv:2110.01052): thresholds are hypotheses "the cascade
/// is wrong on more than 1 - target of all rows", each tested by the exact binomial tail, in an order that does not depend on
/// the rows it is tested on, until the first that cannot be refused at level delta. Whichever of the refused ones is chosen then
/// misses the target with a probability of at most delta (fixed-sequence testing), whatever models and data are, as long as
/// labelled rows are drawn as later rows are.
///
/// With one threshold the order is that of its values, from none answered downwards: known beforehand, so that all rows serve
/// for testing and every value that makes a difference is looked at. With several every third row serves to learn a path on
/// which each step saves most for the errors that it makes; the others test it.
package struct ThresholdSearch {
    private let tiers: [TierAnswers]
    private let target: Double
    private let delta: Double
    /// Whether the last tier can be wrong: else it is what right means.
    private let judgesLast: Bool

    private var rowCount: Int { tiers[0].isWrong.count }
    private var open: [Int] { tiers.indices.dropLast().filter { !tiers[$0].isFixed } }

    /// At least two tiers, of equally many rows.
    package init(_ tiers: [TierAnswers], target: Double, delta: Double, judgesLast: Bool) {
        self.tiers = tiers
        self.target = target
        self.delta = delta
        self.judgesLast = judgesLast
    }

    package func run() -> LearntThresholds {
        open.count == 1 ? alongOneThreshold(open[0]) : alongPath()
    }

    // MARK: Testing

    /// Whether `wrong` of `rows` refuse that the target is missed.
    private func proves(_ wrong: Int, of rows: Int) -> Bool {
        rows > 0 && BinomialTail.atMost(wrong, of: rows, probability: 1 - target) <= delta
    }

    /// Where nothing but the measure of right answers, nothing needs a proof.
    private var startIsCertain: Bool { !judgesLast && !tiers.dropLast().contains(where: \.isFixed) }

    /// Every tier with a threshold left out.
    private func start(_ tally: Tally) -> LearntThresholds {
        let rate = tally.rows == 0 ? 0 : Double(tally.wrong) / Double(tally.rows)
        return LearntThresholds(
            levels: Array(repeating: nil, count: tiers.count), tally: tally,
            isProven: startIsCertain || proves(tally.wrong, of: tally.rows),
            rowsNeeded: BinomialTail.trials(rate: rate, probability: 1 - target, level: delta))
    }

    /// `best`, or these thresholds, which are proven, if they cost less.
    private func better(_ best: LearntThresholds, _ levels: [Double?], _ tally: Tally) -> LearntThresholds {
        var best = best
        best.rowsNeeded = nil
        guard tally.cost < best.tally.cost else { return best }
        return LearntThresholds(levels: levels, tally: tally, isProven: true, rowsNeeded: nil)
    }

    // MARK: One threshold

    private func alongOneThreshold(_ tier: Int) -> LearntThresholds {
        let none = [Double?](repeating: nil, count: tiers.count)
        var levels = none
        var tally = self.tally(levels, Array(0..<rowCount))
        var best = start(tally)
        guard best.isProven else { return best }
        // Which tier answers a row does not depend on other rows: each adds the difference that it makes.
        let rows = (0..<rowCount).filter {
            !tiers[tier].sureness[$0].isNaN && answering(none, $0) > tier
        }.sorted { tiers[tier].sureness[$0] > tiers[tier].sureness[$1] }
        tally.cost += tiers[tier].cost * Double((0..<rowCount).count { answering(none, $0) > tier })
        var next = 0
        while next < rows.count {
            let level = tiers[tier].sureness[rows[next]]
            while next < rows.count, tiers[tier].sureness[rows[next]] == level {
                tally.move(rows[next], from: answering(none, rows[next]), to: tier, tiers)
                next += 1
            }
            guard proves(tally.wrong, of: rowCount) else { break }
            levels[tier] = level
            best = better(best, levels, tally)
        }
        return best
    }

    // MARK: Several thresholds

    private func alongPath() -> LearntThresholds {
        let learning = (0..<rowCount).filter { $0 % 3 == 0 }
        let testing = (0..<rowCount).filter { $0 % 3 != 0 }
        let none = [Double?](repeating: nil, count: tiers.count)
        var best = start(tally(none, testing))
        guard best.isProven else { return best }
        for levels in path(learning) {
            let tally = tally(levels, testing)
            guard proves(tally.wrong, of: testing.count) else { break }
            best = better(best, levels, tally)
        }
        return best
    }

    /// Thresholds from high to low, one a step.
    private func path(_ rows: [Int]) -> [[Double?]] {
        let steps = tiers.indices.map { open.contains($0) ? quantiles(tiers[$0].sureness, rows) : [] }
        var places = [Int](repeating: -1, count: tiers.count)
        var levels = [Double?](repeating: nil, count: tiers.count)
        var current = tally(levels, rows)
        var result: [[Double?]] = []
        while true {
            var best: (tier: Int, tally: Tally, gain: Double)?
            for tier in open where places[tier] + 1 < steps[tier].count {
                var next = levels
                next[tier] = steps[tier][places[tier] + 1]
                let tally = tally(next, rows)
                let saved = current.cost - tally.cost
                let gain = saved / (Double(max(0, tally.wrong - current.wrong)) + 0.5)
                if gain > best?.gain ?? -.infinity { best = (tier, tally, gain) }
            }
            guard let best else { return result }
            places[best.tier] += 1
            levels[best.tier] = steps[best.tier][places[best.tier]]
            current = best.tally
            result.append(levels)
        }
    }

    /// At most 48 values that part the rows into about equal shares, from high to low.
    private func quantiles(_ sureness: [Double], _ rows: [Int]) -> [Double] {
        let sorted = rows.map { sureness[$0] }.filter { !$0.isNaN }.sorted(by: >)
        let share = max(1, sorted.count / 48)
        var result: [Double] = []
        for place in stride(from: share - 1, to: sorted.count, by: share) where result.last != sorted[place] {
            result.append(sorted[place])
        }
        return result
    }

    // MARK: Counting

    /// The tier that answers a row. A tier without a level is left out.
    private func answering(_ levels: [Double?], _ row: Int) -> Int {
        for (number, tier) in tiers.dropLast().enumerated() {
            let sureness = tier.sureness[row]
            if tier.isFixed ? !sureness.isNaN : levels[number].map({ sureness >= $0 }) ?? false { return number }
        }
        return tiers.count - 1
    }

    private func tally(_ levels: [Double?], _ rows: [Int]) -> Tally {
        var tally = Tally(rows: rows.count, answered: Array(repeating: 0, count: tiers.count))
        for row in rows {
            let answering = answering(levels, row)
            tally.answered[answering] += 1
            tally.wrong += tiers[answering].isWrong[row] ? 1 : 0
            for number in 0...answering
            where number == tiers.count - 1 || tiers[number].isFixed || levels[number] != nil {
                tally.cost += tiers[number].cost
            }
        }
        return tally
    }
}

/// Rows that went through a cascade.
package struct Tally: Hashable, Sendable {
    package var rows: Int
    package var wrong = 0
    /// By tier, the rows that it answered.
    package var answered: [Int]
    /// Floating-point operations.
    package var cost = 0.0

    /// A row that tier `from` answered is answered by the tier `to` before it.
    fileprivate mutating func move(_ row: Int, from: Int, to: Int, _ tiers: [TierAnswers]) {
        wrong += (tiers[to].isWrong[row] ? 1 : 0) - (tiers[from].isWrong[row] ? 1 : 0)
        answered[from] -= 1
        answered[to] += 1
        for number in to + 1...from where number == from || tiers[number].isFixed { cost -= tiers[number].cost }
    }
}

package struct LearntThresholds: Hashable, Sendable {
    /// By tier the least sureness with which it answers; nil: it is left out. For given thresholds and the last tier nil.
    package var levels: [Double?]
    /// Of the rows that tested them.
    package var tally: Tally
    /// Whether the target holds with the confidence asked for. If not, the last tier answers all.
    package var isProven: Bool
    /// Where nothing could be proven: about how many labelled rows may be enough; nil if no number of them is.
    package var rowsNeeded: Int?
}
