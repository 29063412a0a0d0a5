/// RE2's syntax in that of `RegularExpression`, where the two mean different things: classes as `\w` know ASCII only, `^` and
/// `$` are ends of the text, groups have names after `?P`, the flag `s` lets `.` match line ends. Only `\b` stays as it is, and
/// knows Unicode's words.
enum RE2Pattern {
    static func translated(_ pattern: String) -> String {
        var result = ""
        var isInBrackets = false
        var rest = Substring(pattern)
        while let character = rest.popFirst() {
            switch character {
            case "\\":
                guard let escaped = rest.popFirst() else { return result + "\\" }
                result += escape(escaped, isInBrackets)
            case "[" where isInBrackets && rest.first == ":":
                // `[:alpha:]` is the same in both.
                result += "["
                while let next = rest.popFirst() {
                    result.append(next)
                    if next == "]" { break }
                }
            case "[" where isInBrackets: result += "\\["
            case "[":
                isInBrackets = true
                result += "["
                if rest.first == "^" { result.append(rest.removeFirst()) }
                if rest.first == "]" {
                    rest.removeFirst()
                    result += "\\]"
                }
            case "]":
                result += isInBrackets ? "]" : "\\]"
                isInBrackets = false
            case "&" where isInBrackets: result += "\\&"
            case "^" where !isInBrackets: result += "\\A"
            case "$" where !isInBrackets: result += "\\z"
            case "(" where !isInBrackets && (rest.hasPrefix("?P<") || rest.hasPrefix("?<")):
                rest = rest.drop { $0 != ">" }.dropFirst()
                result += "(?:"
            case "(" where !isInBrackets && rest.hasPrefix("?s"):
                rest = rest.dropFirst(2)
                result += "(?m"
            default: result.append(character)
            }
        }
        return result
    }

    private static func escape(_ character: Character, _ isInBrackets: Bool) -> String {
        let set: String
        switch character {
        case "w", "W": set = "0-9A-Za-z_"
        case "d", "D": set = "0-9"
        case "s", "S": set = "\\t\\n\\f\\r\\x20"
        default: return "\\\(character)"
        }
        if character.isUppercase { return "[^\(set)]" }
        return isInBrackets ? set : "[\(set)]"
    }
}
