/// How results are printed.
package enum OutputFormat: String, CaseIterable, Sendable {
    case box, csv, json, jsonl, markdown

    static let names = allCases.map(\.rawValue)
}
