// How often a calibrated cascade meets its target: CascadeBench ANSWERS.csv [runs]
//
// ANSWERS.csv has a row for each text: small, sure (the small model's answer and how sure it is), large, truth; and the cost of a
// row in each model: small_flop, large_flop. Every run learns a threshold from rows drawn by chance, by the code that
// `cascade … with (calibrate = …)` runs, and measures it on others.
import Glibc
import Martlet
import MartletExecutor

struct Answers {
    var sure: [Double] = []
    /// Whether small and large model are wrong, by the measure of right answers.
    var small: [Bool] = []
    var large: [Bool] = []
    var cost = (small: 1.0, large: 1.0)

    /// Of these rows; a row may be there more than once.
    func learn(_ rows: [Int], target: Double, delta: Double, judgesLast: Bool) -> LearntThresholds {
        ThresholdSearch(
            [
                TierAnswers(sureness: rows.map { sure[$0] }, isWrong: rows.map { small[$0] }, cost: cost.small),
                TierAnswers(sureness: [], isWrong: rows.map { large[$0] }, cost: cost.large),
            ], target: target, delta: delta, judgesLast: judgesLast
        ).run()
    }

    /// Shares of right answers and of rows that the large model answers.
    func measure(_ level: Double?, _ rows: [Int]) -> (right: Double, large: Double) {
        let asked = rows.filter { row in level.map { sure[row] < $0 } ?? true }
        let isAsked = Set(asked)
        let wrong = rows.count { isAsked.contains($0) ? large[$0] : small[$0] }
        return (1 - Double(wrong) / Double(rows.count), Double(asked.count) / Double(rows.count))
    }
}

/// SplitMix64: the same draws on every machine.
struct Draws: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

struct Outcome {
    var met = 0
    var proven = 0
    var right = 0.0
    var large = 0.0

    mutating func add(_ learnt: LearntThresholds, _ measured: (right: Double, large: Double), target: Double) {
        // What promises nothing breaks no promise.
        met += measured.right >= target || !learnt.isProven ? 1 : 0
        proven += learnt.isProven ? 1 : 0
        right += measured.right
        large += measured.large
    }
}

func load(_ path: String, byTruth: Bool) throws -> Answers {
    let rows = try Session().run(
        "load '\(path)' |> where small is not null and large is not null and truth is not null"
    ).rows
    var answers = Answers()
    for row in rows {
        let (small, large, truth) = (row["small"].string, row["large"].string, row["truth"].string)
        answers.sure.append(row["sure"].float ?? .nan)
        answers.small.append(small != (byTruth ? truth : large))
        answers.large.append(byTruth && large != truth)
        answers.cost = (row["small_flop"].float ?? 1, row["large_flop"].float ?? 1)
    }
    return answers
}

func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }

let arguments = Array(CommandLine.arguments.dropFirst())
guard let path = arguments.first else {
    print("usage: CascadeBench ANSWERS.csv [runs]")
    exit(2)
}
let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? 100
let delta = 0.05
print("delta \(delta), \(runs) runs each\n")
print("| right means | target | labelled rows | drawn | met in | right, mean | large model answers, mean |")
print("| --- | ---: | ---: | --- | ---: | ---: | ---: |")
for (byTruth, targets) in [(false, [0.9, 0.95, 0.98]), (true, [0.66, 0.68, 0.7])] {
    let answers = try load(path, byTruth: byTruth)
    let all = Array(answers.sure.indices)
    for target in targets {
        for size in [500, 1_000, 2_000] where size < all.count {
            var split = Outcome()
            var sample = Outcome()
            for run in 0..<runs {
                var draws = Draws(state: UInt64(run) &* 1_000_003 &+ UInt64(size))
                // A split: what was not drawn is measured.
                let shuffled = all.shuffled(using: &draws)
                var learnt = answers.learn(
                    Array(shuffled[..<size]), target: target, delta: delta, judgesLast: byTruth)
                split.add(learnt, answers.measure(learnt.levels[0], Array(shuffled[size...])), target: target)
                // Rows drawn from all rows, which are measured: what the proof speaks of.
                let drawn = (0..<size).map { _ in Int.random(in: all.indices, using: &draws) }
                learnt = answers.learn(drawn, target: target, delta: delta, judgesLast: byTruth)
                sample.add(learnt, answers.measure(learnt.levels[0], all), target: target)
            }
            for (name, outcome) in [("measured on all rows", sample), ("measured on the rows left", split)] {
                let count = Double(runs)
                print(
                    "| \(byTruth ? "the label" : "the large model") | \(percent(target)) | \(size) | \(name) | "
                        + "\(outcome.met) of \(runs) | \(percent(outcome.right / count)) | "
                        + "\(percent(outcome.large / count)) |")
            }
        }
    }
}
