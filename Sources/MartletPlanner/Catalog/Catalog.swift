import MartletData
import MartletSupport

/// What the binder asks about the world outside the text. Implementations may cache; every call may come from any thread.
///
/// A thrown error that is `Explainable` becomes a diagnostic at the span of the path; a `CatalogOptionError` becomes one
/// at the span of the option that it names.
package protocol Catalog: Sendable {
    /// The signature of the model at `path`. `declared` is what the script wrote after `as`, if anything.
    func model(path: String, options: [String: Value], declared: DeclaredSignature?) throws -> ModelSignature

    /// Columns and facts of the data at `path`: a file, a glob, or `-`.
    func data(path: String, options: [String: Value]) throws -> DataFile

    /// The columns of a table that the host program offers under `name`; nil if there is none.
    func table(_ name: String) -> Schema?

    /// Under what its rows are found when the query runs; another one each time that the name means other rows.
    func key(ofTable name: String) -> String

    /// Names of the host's tables, for `show tables` and suggestions.
    var tableNames: [String] { get }

    /// Option names that `write` to `path` takes; throws when nothing can write there (unknown ending).
    func writeOptions(path: String) throws -> [String]
}

extension Catalog {
    package func key(ofTable name: String) -> String { name }
}

/// `load 'x' as (inputs) -> (outputs)`
package struct DeclaredSignature: Hashable, Sendable {
    package var inputs: [MartletData.Field]
    package var outputs: [MartletData.Field]

    package init(inputs: [MartletData.Field], outputs: [MartletData.Field]) {
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// What is known of a data source before it is read.
package struct DataFile: Hashable, Sendable {
    package var schema: Schema
    /// Name of the format in the format table, such as `csv`.
    package var format: String
    /// Rows, where that is known without reading.
    package var rowCount: Int?
    package var byteCount: Int?

    package init(schema: Schema, format: String, rowCount: Int? = nil, byteCount: Int? = nil) {
        self.schema = schema
        self.format = format
        self.rowCount = rowCount
        self.byteCount = byteCount
    }
}

/// An option of `with (…)` that the catalog does not know or whose value it does not take.
package struct CatalogOptionError: Error, Explainable {
    package var option: String
    package var explanation: Explanation

    package init(option: String, explanation: Explanation) {
        self.option = option
        self.explanation = explanation
    }

    /// An option that is not there, with a suggestion when one of `known` is close.
    package static func unknown(_ option: String, of subject: String, known: [String]) -> CatalogOptionError {
        let close = closestName(to: option, among: known)
        return CatalogOptionError(
            option: option,
            explanation: Explanation(
                code: "E0605", message: "\(subject) has no option `\(option)`",
                notes: ["options are \(known.joined(separator: ", "))"], help: close.map { "did you mean `\($0)`?" }))
    }
}
