import MartletSyntax

/// The pages of all codes, one for each.
package enum CodePages {
    /// In order of the codes.
    package static let all: [CodePage] = text + names + types + stages + running + files + models + data

    /// The page of a code; letter case and a missing `E` do not matter.
    package static func page(_ code: String) -> CodePage? {
        let wanted = normalized(code)
        return all.first { $0.code == wanted }
    }

    /// Codes that were probably meant: those that differ in one place, at most five.
    package static func codes(closeTo code: String) -> [String] {
        let wanted = Array(normalized(code).utf8)
        let close = all.map(\.code).filter { known in
            known.utf8.count == wanted.count && zip(known.utf8, wanted).count { $0 != $1 } <= 1
        }
        return close.isEmpty
            ? closest(to: normalized(code), among: all.map(\.code)).map { [$0] } ?? [] : Array(close.prefix(5))
    }

    /// Whether `text` looks like a code rather than the name of a file: `E0301`, `e301`, `0301`.
    package static func isCode(_ text: String) -> Bool {
        let digits = text.first == "E" || text.first == "e" ? text.dropFirst() : text[...]
        return (1...5).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func normalized(_ code: String) -> String {
        guard isCode(code) else { return code }
        let digits = code.drop { $0 == "E" || $0 == "e" }
        return "E" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
