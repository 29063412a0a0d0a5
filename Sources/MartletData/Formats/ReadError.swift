import MartletSupport

/// What is wrong with a data file, with the evidence.
package enum ReadError: Error, Equatable, Sendable {
    // MARK: The file as a whole
    case empty(file: String)
    /// Content that is certainly something else; `what` completes "is …".
    case foreign(file: String, what: String, remedy: String)
    case noMatch(pattern: String)
    case badPattern(pattern: String, reason: String)
    case inputTaken(file: String)
    case changed(file: String)
    case schemaMismatch(first: String, second: String, column: String, reason: String)

    // MARK: Text
    case nul(InputPlace)
    case invalidUTF8(InputPlace)
    case lineTooLong(InputPlace, limit: Int, openQuote: Bool)

    // MARK: CSV
    case strayQuote(InputPlace)
    case textAfterQuote(InputPlace)
    /// `place` is where the quote opened.
    case unterminatedQuote(InputPlace)
    case fieldCount(InputPlace, expected: Int, found: Int)
    /// Positions from 1.
    case duplicateHeader(InputPlace, name: String, first: Int, second: Int)
    case headerLooksLikeData(InputPlace, sample: String)
    case badValue(InputPlace, column: String, value: String, type: DataType, inferredFrom: Int?)

    // MARK: JSON
    case json(InputPlace, JSONError.Reason)
    case notAnObject(InputPlace, found: JSONKind)
    case typeMismatch(InputPlace, path: String, found: String, type: DataType, inferredFrom: Int?)
    case mixedTypes(InputPlace, path: String, first: DataType, found: DataType)
    case unknownKey(InputPlace, path: String, inferredFrom: Int)
    case duplicateKey(InputPlace, path: String)
    case tooManyColumns(InputPlace, limit: Int)
    case tooDeep(InputPlace, limit: Int)

    // MARK: Options
    case unknownOption(name: String, format: String, suggestion: String?)
    case badOption(name: String, value: String, wanted: String)
    case unknownFormat(name: String, suggestion: String?)
}
