import MartletSupport
import MartletTensor

/// What a region answered to one window of rows.
struct WindowAnswers {
    /// One tensor for each region output: answers × shape. Empty if nothing was run.
    var tensors: [Tensor]
    /// For each row of the window its answer; -1 for rows with a null argument or an error.
    var answerOfRow: [Int]
    /// Rows that failed, in input order.
    var failures: [RowFailure]
}

/// A row that a model could not be run on.
struct RowFailure: Sendable {
    /// Row of the window.
    var row: Int
    var explanation: Explanation
}
