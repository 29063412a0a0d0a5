import MartletExecutor
import MartletSupport
import MartletTestSupport
import Testing

@Suite struct CalibrationTests {
    /// `scripts/reference/binomial_tails.py` sums the tails in rational numbers.
    @Test func tailsAreExact() throws {
        let here = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        let file = try MappedFile(path: "/\(here)/Fixtures/binomial-tails.json")
        let cases = try withExtendedLifetime(file) { try JSON.parse(file.bytes) }
        for item in cases["tails"]?.array ?? [] {
            let hits = try #require(item["hits"]?.int)
            let trials = try #require(item["trials"]?.int)
            let rate = try #require(item["rate"]?.double)
            let expected = try #require(item["tail"]?.double)
            let found = BinomialTail.atMost(hits, of: trials, probability: rate)
            #expect(abs(found - expected) <= 1e-9 * expected + 1e-300, "\(hits) of \(trials) at \(rate)")
        }
        for item in cases["trials"]?.array ?? [] {
            let found = BinomialTail.trials(
                rate: try #require(item["rate"]?.double), probability: try #require(item["limit"]?.double),
                level: try #require(item["level"]?.double))
            #expect(found == item["trials"]?.int)
        }
        #expect(BinomialTail.trials(rate: 0.3, probability: 0.3, level: 0.05) == nil)
    }

    /// Sureness u is uniform and the small model wrong with chance 0.3 (1 - u): answering from t up is wrong on 0.15 (1 - t)² of all
    /// rows, so that the target 0.95 is missed exactly where t < 1 - √(1/3). Without a proof half of the runs would miss it.
    @Test func oneThresholdMissesRarely() {
        let limit = 1 - (1.0 / 3).squareRoot()
        var missed = 0
        var saving = 0.0
        for run in 0..<400 {
            var draws = SplitMix(seed: UInt64(run))
            let sure = (0..<400).map { _ in Double.random(in: 0..<1, using: &draws) }
            let wrong = sure.map { Double.random(in: 0..<1, using: &draws) < 0.3 * (1 - $0) }
            let learnt = Self.search([(sure, wrong)], last: Array(repeating: false, count: 400), target: 0.95)
            #expect(learnt.isProven)
            if let level = learnt.levels[0] {
                missed += level < limit ? 1 : 0
                saving += 1 - level
            }
        }
        // 20 are expected at most; 30 is above them by more than two standard deviations.
        #expect(missed <= 30)
        #expect(missed >= 3, "a proof that is never wrong proves too little")
        #expect(saving / 400 > 0.4)
    }

    /// The last tier is wrong on a tenth of the rows, whatever the small one says: right on 0.9 - 0.15 (1 - t)² + 0.1 (1 - t).
    @Test func accuracyMissesRarely() {
        func risk(_ t: Double) -> Double { 0.1 * t + 0.15 * (1 - t) * (1 - t) }
        var missed = 0
        for run in 0..<250 {
            var draws = SplitMix(seed: UInt64(run) + 77)
            let sure = (0..<600).map { _ in Double.random(in: 0..<1, using: &draws) }
            let wrong = sure.map { Double.random(in: 0..<1, using: &draws) < 0.3 * (1 - $0) }
            let last = sure.map { _ in Double.random(in: 0..<1, using: &draws) < 0.1 }
            let learnt = Self.search([(sure, wrong)], last: last, target: 0.87, judgesLast: true)
            if learnt.isProven, risk(learnt.levels[0] ?? 1) > 0.13 { missed += 1 }
        }
        #expect(missed <= 20)
    }

    /// Two thresholds, learnt on a third of the rows and tested on the others.
    @Test func twoThresholdsMissRarely() {
        var missed = 0
        var saved = 0
        for run in 0..<60 {
            var draws = SplitMix(seed: UInt64(run) + 9)
            func sample(_ count: Int) -> [(sure: [Double], wrong: [Bool])] {
                [0.4, 0.15].map { worst in
                    let sure = (0..<count).map { _ in Double.random(in: 0..<1, using: &draws) }
                    return (sure, sure.map { Double.random(in: 0..<1, using: &draws) < worst * (1 - $0) })
                }
            }
            let learnt = Self.search(sample(900), last: Array(repeating: false, count: 900), target: 0.93)
            let fresh = sample(10_000)
            let wrong = (0..<10_000).count { row in
                for (number, tier) in fresh.enumerated() {
                    if let level = learnt.levels[number], tier.sure[row] >= level { return tier.wrong[row] }
                }
                return false
            }
            missed += Double(wrong) / 10_000 > 0.07 + 0.003 ? 1 : 0
            saved += learnt.tally.answered[2] < learnt.tally.rows / 2 ? 1 : 0
        }
        #expect(missed <= 7)
        #expect(saved > 30)
    }

    @Test func tooFewRowsPromiseNothing() {
        let sure = (0..<58).map { Double($0) }
        let right = [Bool](repeating: false, count: 58)
        let learnt = Self.search([(sure, right)], last: right, target: 0.95)
        #expect(learnt.levels == [nil, nil])
        #expect(learnt.rowsNeeded == 59)
        let enough = Self.search([(sure + [58], right + [false])], last: right + [false], target: 0.95)
        #expect(enough.levels == [0, nil])
        let unproven = Self.search([(sure, right)], last: right, target: 0.95, judgesLast: true)
        #expect(!unproven.isProven)
        #expect(unproven.rowsNeeded == 59)
        #expect(Self.search([([], [])], last: [], target: 0.5).levels == [nil, nil])
    }

    @Test func whatCostsMoreThanItSavesIsLeftOut() {
        let sure = (0..<100).map { $0 < 10 ? 1.0 : Double.nan }
        let right = [Bool](repeating: false, count: 100)
        #expect(Self.search([(sure, right)], last: right, target: 0.9, costs: [1, 5]).levels == [nil, nil])
        #expect(Self.search([(sure, right)], last: right, target: 0.9, costs: [1, 20]).levels == [1, nil])
    }

    /// Rows that a given threshold lets through are not learnt from, but count.
    @Test func givenThresholdsStand() {
        let count = 300
        let given = TierAnswers(
            sureness: (0..<count).map { $0 % 2 == 0 ? 0 : .nan }, isWrong: (0..<count).map { $0 % 20 == 0 }, cost: 1,
            isFixed: true)
        let open = TierAnswers(
            sureness: (0..<count).map { Double($0) }, isWrong: (0..<count).map { $0 < 100 }, cost: 1)
        let last = TierAnswers(sureness: [], isWrong: Array(repeating: false, count: count), cost: 100)
        let learnt = ThresholdSearch([given, open, last], target: 0.9, delta: 0.05, judgesLast: false).run()
        #expect(learnt.isProven)
        #expect(learnt.tally.answered[0] == 150)
        #expect(learnt.tally.answered[1] + learnt.tally.answered[2] == 150)
        #expect(learnt.levels[0] == nil)
        #expect((learnt.levels[1] ?? 0) > 80)
    }

    private static func search(
        _ tiers: [(sure: [Double], wrong: [Bool])], last: [Bool], target: Double, judgesLast: Bool = false,
        costs: [Double] = [1, 10, 100]
    ) -> LearntThresholds {
        let answers = tiers.enumerated().map {
            TierAnswers(sureness: $1.sure, isWrong: $1.wrong, cost: costs[$0])
        }
        let final = TierAnswers(sureness: [], isWrong: last, cost: costs[tiers.count])
        return ThresholdSearch(answers + [final], target: target, delta: 0.05, judgesLast: judgesLast).run()
    }
}
