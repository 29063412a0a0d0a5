import MartletData
import MartletSupport

/// A query that failed while running.
package enum ExecutionError: Error, Sendable {
    /// A row failed in a stage. `place` is where it came from, `identity` its first column, such as `id = film-7302`.
    case rowFailed(stage: String, ordinal: Int, place: InputPlace?, identity: String?, cause: Explanation)
    case failStage(message: String, ordinal: Int, place: InputPlace?, identity: String?)
    case assertion(message: String, ordinal: Int, place: InputPlace?, identity: String?)
    case missingTable(name: String)
    /// Rows that a stage has to keep are more than `memory_limit` allows.
    case tooManyRows(stage: String, limit: Int)
    /// A data file whose columns are no longer those that the query was planned for.
    case schemaChanged(path: String)
    /// A file that a cascade is to keep its thresholds in, and that holds something else.
    case notACalibration(path: String)
}

extension ExecutionError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .rowFailed(let stage, let ordinal, let place, let identity, let cause):
            return Explanation(
                code: cause.code, message: "row \(ordinal) failed in \(stage)\(Self.suffix(identity))", place: place,
                notes: [cause.message] + cause.notes, help: cause.help)
        case .failStage(let message, let ordinal, let place, let identity):
            return Explanation(
                code: "E0503", message: message, place: place,
                notes: ["row \(ordinal)\(Self.suffix(identity)) took an arm that ends in `fail`"])
        case .assertion(let message, let ordinal, let place, let identity):
            return Explanation(
                code: "E0504", message: message, place: place,
                notes: ["the assertion does not hold for row \(ordinal)\(Self.suffix(identity))"])
        case .missingTable(let name):
            return Explanation(
                code: "E0505", message: "table `\(name)` has no rows bound to it",
                help: "bind it before running: `prepared.bind(\"\(name)\", rows)`")
        case .tooManyRows(let stage, let limit):
            return Explanation(
                code: "E0507",
                message: "the rows of the relation of `\(stage)` take more than the limit of \(limit) bytes",
                notes: ["they are kept while the query runs"],
                help: "`set memory_limit = …` allows more; `select` fewer columns of the relation, or filter it")
        case .schemaChanged(let path):
            return Explanation(
                code: "E0506", message: "the columns of `\(path)` have changed since the query was planned",
                place: InputPlace(file: path), help: "run the query again")
        case .notACalibration(let path):
            return Explanation(
                code: "E0540", message: "`\(path)` is not what a cascade keeps its thresholds in",
                place: InputPlace(file: path), help: "give `store` another name, or remove the file")
        }
    }

    private static func suffix(_ identity: String?) -> String { identity.map { " (\($0))" } ?? "" }
}

extension RowBlock {
    /// Place of a row for an error, if it came from outside.
    func inputPlace(_ row: Int) -> InputPlace? {
        let place = origins[row]
        return origins.sourceName(place).map { InputPlace(file: $0, line: place.line > 0 ? Int(place.line) : nil) }
    }

    /// Wraps an evaluation error of a stage with the row it is about.
    func rowError(_ row: Int, stage: String, cause: Explanation, identity: IdentityColumn?) -> ExecutionError {
        .rowFailed(
            stage: stage, ordinal: Int(origins[row].ordinal), place: inputPlace(row),
            identity: identityText(row, identity), cause: cause)
    }

    /// `id = film-7302`, cut to 60 characters.
    func identityText(_ row: Int, _ identity: IdentityColumn?) -> String? {
        guard let identity, let column = columns[identity.id] else { return nil }
        let text = column.value(row).text
        return "\(identity.name) = \(text.count > 60 ? String(text.prefix(60)) + "…" : text)"
    }
}
