import MartletData

struct FormatProblem: Error {
    let message: String
}

/// The template with each `{…}` replaced by a value; `{{` and `}}` stand for braces. Inside: an argument's number from 0 (or
/// none: the next), then after a colon `[<>^][0][width][.digits][dfegxs]`.
func formatted(_ template: String, _ values: [Value]) -> Result<String, FormatProblem> {
    var result = ""
    var next = 0
    var rest = template[...]
    while let character = rest.popFirst() {
        guard character == "{" || character == "}" else {
            result.append(character)
            continue
        }
        if rest.first == character {
            rest.removeFirst()
            result.append(character)
            continue
        }
        guard character == "{", let end = rest.firstIndex(of: "}") else {
            return .failure(
                FormatProblem(message: "a single `\(character)`; write `\(character)\(character)` for a brace"))
        }
        let parts = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        let number = parts[0].isEmpty ? next : Int(parts[0]) ?? -1
        if parts[0].isEmpty { next += 1 }
        guard values.indices.contains(number) else {
            return .failure(
                FormatProblem(message: "`{\(parts.joined(separator: ":"))}` has no value: there are \(values.count)"))
        }
        guard parts.count == 2 else {
            result += values[number].text
            continue
        }
        guard let text = FormatSpec(parts[1])?.apply(values[number]) else {
            return .failure(
                FormatProblem(message: "`{:\(parts[1])}` does not fit a value of type \(values[number].type.text)"))
        }
        result += text
    }
    return .success(result)
}

private struct FormatSpec {
    var alignment: Character?
    var zeros = false
    var width = 0
    var digits: Int?
    var kind: Character?

    init?(_ text: Substring) {
        var rest = text
        if let first = rest.first, "<>^".contains(first) { alignment = rest.removeFirst() }
        if rest.first == "0" {
            zeros = true
            rest.removeFirst()
        }
        let widthText = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(widthText.count)
        if !widthText.isEmpty {
            guard let value = Int(widthText), value <= 10_000 else { return nil }
            width = value
        }
        if rest.first == "." {
            rest.removeFirst()
            let digitText = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digitText.count)
            guard let value = Int(digitText), value <= 100 else { return nil }
            digits = value
        }
        if let last = rest.first, "dfegxs".contains(last) { kind = rest.removeFirst() }
        guard rest.isEmpty else { return nil }
    }

    func apply(_ value: Value) -> String? {
        if value.isNull { return pad("null", isNumber: false) }
        switch (kind, value) {
        case ("d", .int(let x)): return pad("\(x)", isNumber: true)
        case ("x", .int(let x)): return pad(String(x, radix: 16), isNumber: true)
        case ("d", _), ("x", _): return nil
        case ("f", _), ("e", _), ("g", _):
            guard let x = number(value) else { return nil }
            return pad(floatText(x, kind ?? "f", digits: digits ?? 6), isNumber: true)
        case (nil, .float(let x)) where digits != nil:
            return pad(floatText(x, "g", digits: digits ?? 6), isNumber: true)
        case (nil, .int), (nil, .float): return pad(value.text, isNumber: true)
        case (_, _):
            let text = value.text
            return pad(digits.map { String(text.prefix($0)) } ?? text, isNumber: false)
        }
    }

    private func pad(_ text: String, isNumber: Bool) -> String {
        let missing = width - text.count
        guard missing > 0 else { return text }
        if zeros, isNumber, alignment == nil {
            let sign = text.hasPrefix("-") ? "-" : ""
            return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
        }
        switch alignment ?? (isNumber ? ">" : "<") {
        case ">": return String(repeating: " ", count: missing) + text
        case "^":
            return String(repeating: " ", count: missing / 2) + text
                + String(repeating: " ", count: missing - missing / 2)
        default: return text + String(repeating: " ", count: missing)
        }
    }
}
