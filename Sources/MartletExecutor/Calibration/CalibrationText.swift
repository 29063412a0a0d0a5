import MartletPlanner

/// What a cascade learnt, in a sentence.
struct CalibrationText {
    private let node: CascadeNode
    private let calibration: CascadeCalibration
    private let learnt: LearntThresholds

    init(_ node: CascadeNode, _ calibration: CascadeCalibration, _ learnt: LearntThresholds) {
        self.node = node
        self.calibration = calibration
        self.learnt = learnt
    }

    var text: String {
        let rows = "\(learnt.tally.rows) rows of `\(calibration.name)`"
        let saves = learnt.isProven && learnt.levels.contains { $0 != nil }
        return saves
            ? "cascade learnt \(thresholds) on \(rows): \(found)" : "cascade learnt nothing on \(rows): \(missing)"
    }

    /// `$sure = 0.8312`
    private var thresholds: String {
        calibration.tiers.enumerated().compactMap { number, tier in
            tier.threshold.map { threshold in
                let value = learnt.levels[number].map { "\(threshold.value(at: $0))" } ?? "never"
                return "$\(threshold.name) = \(value)"
            }
        }.joined(separator: ", ")
    }

    private var goal: String {
        "\(Self.percent(calibration.target)) with confidence \(Self.percent(1 - calibration.delta))"
    }

    private var found: String {
        let last = node.tiers.count - 1
        return "\(right(learnt.tally)), target \(goal); \(node.tiers[last].call.model.name) answers "
            + "\(learnt.tally.answered[last]) of them"
    }

    private var missing: String {
        let needed = learnt.rowsNeeded.map { "about \($0) rows are needed" } ?? "more rows would not help"
        if calibration.hasTruth, !learnt.isProven {
            return "the last tier alone gives \(right(learnt.tally)), which does not prove \(goal); \(needed). "
                + "The last tier answers every row, and the target is not promised"
        }
        return
            (learnt.rowsNeeded == nil
            ? "every threshold that is proven to give \(goal) costs more than it saves"
            : "no threshold is proven to give \(goal); \(needed)") + ". The last tier answers every row"
    }

    private func right(_ tally: Tally) -> String {
        let share = tally.rows == 0 ? 0 : 1 - Double(tally.wrong) / Double(tally.rows)
        return Self.percent(share) + (calibration.hasTruth ? " right" : " as the last tier says")
    }

    /// `95 %`, `96.83 %`
    private static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100) %" }
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
