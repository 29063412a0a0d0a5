import MartletSupport

/// A model's outputs do not fit its rows.
enum AnswerError: Error, Hashable {
    /// An output whose first dimension is not the batch.
    case rowCount(shape: [Int], rows: Int)
    /// Rows of different shape in one column.
    case shape(first: [Int], then: [Int])
    /// An output whose elements no column type holds.
    case dtype(String)
    /// An integer that the input's type does not hold.
    case range(input: String, value: String, String)
}

extension Explanation {
    /// What an error of a model's run says.
    init(of error: any Error) {
        self = (error as? any Explainable)?.explanation ?? Explanation(code: "E0500", message: "\(error)")
    }
}

extension AnswerError: Explainable {
    var explanation: Explanation {
        switch self {
        case .rowCount(let shape, let rows):
            Explanation(
                code: "E0520", message: "an output of shape \(shape) came back for \(rows) rows",
                help: "ask only for outputs with one row for each input row")
        case .dtype(let name):
            Explanation(
                code: "E0522", message: "an output has elements of type \(name), which no column holds",
                help: "ask for other outputs of the model: `as (name)`")
        case .range(let input, let value, let type):
            Explanation(
                code: "E0523", message: "input `\(input)` takes \(type), which does not hold \(value)",
                help: "leave such rows out, or add `on error null`")
        case .shape(let first, let then):
            Explanation(
                code: "E0521", message: "an output has shape \(then) here and \(first) in earlier rows",
                help: "a column holds one shape; pool the output, or select another one")
        }
    }
}
