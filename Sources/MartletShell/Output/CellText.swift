import Martlet

/// A cell of a table for people: on one line, long lists and tensors shortened.
package struct CellText {
    package var text: String
    package var isNull: Bool

    /// Elements of lists and tensors that are shown.
    private static let shownElements = 4
    /// Longer text is cut before it is laid out; no terminal is wider.
    private static let lengthLimit = 1_000

    package init(_ value: Value) {
        isNull = value.isNull
        text = isNull ? "NULL" : Self.harmless(Self.shortened(value).prefix(Self.lengthLimit))
    }

    init(name: String) {
        isNull = false
        text = Self.harmless(name.prefix(Self.lengthLimit))
    }

    private static func shortened(_ value: Value) -> String {
        switch value {
        case .string(let text): return text
        case .bytes(let bytes) where bytes.count > 16:
            return Value.bytes(Array(bytes.prefix(16))).description + "… (\(grouped(bytes.count)) bytes)"
        case .list(let values) where values.count > shownElements:
            let shown = values.prefix(shownElements).map(nested).joined(separator: ", ")
            return "[\(shown), … \(grouped(values.count))]"
        case .list(let values): return "[\(values.map(nested).joined(separator: ", "))]"
        case .structure(let fields):
            return "{" + fields.map { "\($0.name): \(nested($0.value))" }.joined(separator: ", ") + "}"
        case .tensor(let elements, let shape) where elements.count > shownElements:
            let first = Value.tensor(Array(elements.prefix(shownElements)), shape: [shownElements]).description
            return first.dropLast() + ", … \(shape.map { "\($0)" }.joined(separator: "×"))]"
        default: return value.description
        }
    }

    private static func nested(_ value: Value) -> String {
        if case .string(let text) = value {
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        }
        return value.isNull ? "NULL" : shortened(value)
    }

    /// Line ends and other controls made visible, so that a cell neither breaks the table nor steers the terminal.
    private static func harmless(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
        var result = ""
        for character in text {
            switch character {
            case "\n", "\r\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result += isHarmless(character) ? String(character) : "\u{FFFD}"
            }
        }
        return result
    }

    private static func isHarmless(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: false
            // Marks that turn the direction of writing.
            case 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: false
            default: true
            }
        }
    }
}
