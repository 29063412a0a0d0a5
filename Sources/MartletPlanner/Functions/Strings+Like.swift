import MartletData

/// `like` and `ilike`, on code points. A constant pattern is checked when the query is bound.
let likeFunctions: [Function] = [
    likeFunction("like", FunctionExample("'martlet' like 'mar%'", gives: "true"), ignoringCase: false),
    likeFunction("ilike", FunctionExample("'Martlet' ilike '_ART%'", gives: "true"), ignoringCase: true),
]

private func likeFunction(_ name: String, _ example: FunctionExample, ignoringCase: Bool) -> Function {
    Function(
        name, "text \(name) pattern -> bool",
        doc: "whether the whole text fits: % stands for any characters, _ for one, \\ takes the next as it is"
            + (ignoringCase ? "; case is ignored" : ""), example: example,
        resolve: { arguments throws(TypeMismatch) in
            let resolution = try takes([.string, .string], gives: .bool)(arguments)
            if case .string(let pattern)? = arguments.constants[1], likeParts(pattern) == nil {
                throw TypeMismatch(argument: 1, endsInBackslash(pattern))
            }
            return resolution
        },
        evaluate: { input in
            var cache: [String: [LikePart]] = [:]
            return try bools(input.rowCount) { row in
                let pattern = input.columns[1].string(row)
                guard let parts = cache[pattern] ?? likeParts(ignoringCase ? lowerCase(pattern) : pattern) else {
                    throw EvaluationError(row: row, .invalidArgument(function: name, endsInBackslash(pattern)))
                }
                cache[pattern] = parts
                let text = input.columns[0].string(row)
                return matches(Array((ignoringCase ? lowerCase(text) : text).unicodeScalars), parts)
            }
        })
}

private enum LikePart: Equatable {
    case any
    case one
    case exactly(Unicode.Scalar)
}

private func endsInBackslash(_ pattern: String) -> String {
    "`\(pattern)` ends in a `\\` that takes no character; write `\\\\` for a backslash"
}

/// nil for a pattern that ends in the escape.
private func likeParts(_ pattern: String) -> [LikePart]? {
    var parts: [LikePart] = []
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
        switch scalar {
        case _ where isEscaped:
            parts.append(.exactly(scalar))
            isEscaped = false
        case "\\": isEscaped = true
        case "%": if parts.last != .any { parts.append(.any) }
        case "_": parts.append(.one)
        default: parts.append(.exactly(scalar))
        }
    }
    return isEscaped ? nil : parts
}

/// Greedy with one point of return: O(text × pattern) at worst.
private func matches(_ text: [Unicode.Scalar], _ parts: [LikePart]) -> Bool {
    var place = 0
    var part = 0
    var retry: (place: Int, part: Int)?
    while place < text.count {
        if part < parts.count, parts[part] == .any {
            retry = (place, part + 1)
            part += 1
        } else if part < parts.count, parts[part] == .one || parts[part] == .exactly(text[place]) {
            place += 1
            part += 1
        } else if let last = retry {
            retry = (last.place + 1, last.part)
            place = last.place + 1
            part = last.part
        } else {
            return false
        }
    }
    return parts[part...].allSatisfy { $0 == .any }
}
