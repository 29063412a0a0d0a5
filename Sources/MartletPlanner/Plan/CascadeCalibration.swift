import MartletData

/// How a cascade learns its thresholds before its first row: `with (calibrate = rows, target = 0.95)`.
package struct CascadeCalibration: Hashable, Sendable {
    /// What the labelled rows are called.
    package var name: String
    /// Share of rows on which the cascade's answer has to be right.
    package var target: Double
    /// Chance that the target is missed nevertheless.
    package var delta: Double
    /// Whether right is what the labelled rows say; else it is what the last tier says.
    package var hasTruth: Bool
    /// A file that keeps what was learnt.
    package var store: String?
    /// Of each tier what to look at, in the cascade's order.
    package var tiers: [CalibrationTier]
    /// The columns of the labelled rows that count. Read to tell whether what was learnt still holds.
    package var labelled: LogicalNode
    /// For each labelled row what the tiers say: the columns of `tiers`.
    package var answers: LogicalNode

    /// `calibrate on labelled, target 0.95, delta 0.05`
    package var title: String {
        "calibrate on \(name), \(hasTruth ? "accuracy" : "agreement") \(target), delta \(delta)"
            + (store.map { ", kept in \($0)" } ?? "")
    }
}

package struct CalibrationTier: Hashable, Sendable {
    /// A bool column of `answers`: whether the tier's answer is not the right one.
    package var isWrong: ColumnID
    /// A float column of `answers`: what is compared with the threshold, null where the tier may not answer; nil for the last tier.
    package var measure: ColumnID?
    /// nil where there is nothing to learn: the tier answers where `measure` is not null.
    package var threshold: LearntThreshold?
}

/// `until score >= $sure`
package struct LearntThreshold: Hashable, Sendable {
    /// The parameter, without the dollar.
    package var name: String
    package var comparison: Comparison

    package enum Comparison: String, Hashable, Sendable {
        case atLeast = ">="
        case above = ">"
        case atMost = "<="
        case below = "<"
    }
}
