import MartletSupport
import MartletTensor

/// What a region answered to one window of rows.
struct WindowAnswers {
    /// For each region output. Empty if nothing was run.
    var outputs: [Answers]
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

extension WindowAnswers {
    /// The answer to one row as that to `count` rows.
    func repeated(_ count: Int) -> WindowAnswers {
        WindowAnswers(
            outputs: outputs, answerOfRow: [Int](repeating: answerOfRow[0], count: count),
            failures: failures.flatMap { failure in
                (0..<count).map { RowFailure(row: $0, explanation: failure.explanation) }
            })
    }

    /// The answers of parts of a window: `rows` tells which rows of the window each part's are.
    init(_ parts: [(rows: [Int], answers: WindowAnswers)], rowCount: Int) {
        answerOfRow = [Int](repeating: -1, count: rowCount)
        failures = []
        var shaped: [[Tensor?]] = []
        var done = 0
        for (rows, part) in parts {
            for (place, row) in rows.enumerated() where part.answerOfRow[place] >= 0 {
                answerOfRow[row] = done + part.answerOfRow[place]
            }
            failures += part.failures.map { RowFailure(row: rows[$0.row], explanation: $0.explanation) }
            guard !part.outputs.isEmpty else { continue }
            let count = 1 + (part.answerOfRow.max() ?? -1)
            if shaped.isEmpty { shaped = part.outputs.map { _ in [] } }
            for (number, output) in part.outputs.enumerated() {
                shaped[number] += (0..<count).map { answer in
                    output.row(answer).map { $0.reshaped(Array($0.shape.dropFirst())) }
                }
            }
            done += count
        }
        outputs = shaped.map { .shaped($0) }
        failures.sort { $0.row < $1.row }
    }
}
