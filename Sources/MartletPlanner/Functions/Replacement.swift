/// What `regexp_replace` puts in the place of a match: `\0` to `\9` stand for groups, `\\` for a backslash.
struct Replacement {
    private enum Part {
        case text(String)
        case group(Int)
    }

    private var parts: [Part] = []
    private(set) var greatestGroup = 0

    static func parse(_ text: String) -> Result<Replacement, PatternProblem> {
        var replacement = Replacement()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                replacement.parts.append(.text(String(scalar)))
                continue
            }
            switch rest.popFirst() {
            case "\\": replacement.parts.append(.text("\\"))
            case let digit? where digit.value >= 48 && digit.value <= 57:
                let group = Int(digit.value) - 48
                replacement.parts.append(.group(group))
                replacement.greatestGroup = max(replacement.greatestGroup, group)
            default:
                return .failure(
                    PatternProblem(
                        message: "`\(text)` has a `\\` without a digit; `\\1` is the first group, `\\\\` a backslash"))
            }
        }
        return .success(replacement)
    }

    func expanded(_ groups: AnyRegexOutput) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .group(let group): if group < groups.count, let text = groups[group].substring { result += text }
            }
        }
        return result
    }
}
