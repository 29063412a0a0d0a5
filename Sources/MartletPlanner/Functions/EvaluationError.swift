import MartletData

/// A row whose value cannot be computed. `row` counts from 0 within the rows that were evaluated; the executor knows
/// which row of which file that is.
package struct EvaluationError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The text of the operation: `9223372036854775807 + 1`.
        case overflow(String)
        case divisionByZero(String)
        case cast(value: String, from: DataType, to: DataType)
        case invalidArgument(function: String, String)
        case shape(function: String, String)
        case tooLarge(function: String, bytes: Int)
        /// A parameter without a value.
        case parameter(String)
        /// A model-dependent expression was evaluated without an executor.
        case needsModel(String)
    }

    package var row: Int
    package var reason: Reason

    package init(row: Int, _ reason: Reason) {
        self.row = row
        self.reason = reason
    }
}
