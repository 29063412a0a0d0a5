/// How results are printed.
enum OutputFormat: String, CaseIterable, Sendable {
    case box, csv, json, jsonl, markdown

    static let names = allCases.map(\.rawValue)
}
