import MartletData

extension Value {
    /// The value as an expression of the language, for plans.
    package var literal: String {
        switch self {
        case .string(let value):
            "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        case .timestamp: "'\(self.text)'::timestamp"
        case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
        case .structure(let fields):
            "{" + fields.map { "\($0.name): \($0.value.literal)" }.joined(separator: ", ") + "}"
        default: text
        }
    }
}
