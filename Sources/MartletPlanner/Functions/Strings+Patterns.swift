import MartletData

/// `like`, regular expressions and `format`. Patterns are Swift's regular expressions (PCRE's syntax), matched on code
/// points. A constant pattern is checked when the query is bound.
let patternFunctions: [Function] = [
    likeFunction("like", FunctionExample("'martlet' like 'mar%'", gives: "true"), ignoringCase: false),
    likeFunction("ilike", FunctionExample("'Martlet' ilike '_ART%'", gives: "true"), ignoringCase: true),
    Function(
        "regexp_matches", "(text string, pattern string [, options string]) -> bool",
        doc:
            "whether the pattern matches somewhere; options: i ignores case, s lets . match line ends, m lets ^ and $ match at lines",
        example: FunctionExample("regexp_matches('hello', 'l+')", gives: "true"),
        resolve: checkingPattern(takes([.string, .string, .string], optional: 1, gives: .bool), options: 2),
        evaluate: { input in
            var patterns = PatternCache(function: "regexp_matches")
            return try bools(input.rowCount) { row in
                try patterns.pattern(input, row, options: 2).firstMatch(in: input.columns[0].string(row)) != nil
            }
        }),
    Function(
        "regexp_full_match", "(text string, pattern string [, options string]) -> bool",
        doc: "whether the pattern matches the whole text",
        example: FunctionExample("regexp_full_match('hello', 'h.*o')", gives: "true"),
        resolve: checkingPattern(takes([.string, .string, .string], optional: 1, gives: .bool), options: 2),
        evaluate: { input in
            var patterns = PatternCache(function: "regexp_full_match")
            return try bools(input.rowCount) { row in
                try patterns.pattern(input, row, options: 2).wholeMatch(in: input.columns[0].string(row)) != nil
            }
        }),
    Function(
        "regexp_extract", "(text string, pattern string [, group int [, options string]]) -> string",
        doc: "the first match, or one of its groups; empty if there is none",
        example: FunctionExample("regexp_extract('id=42', '(\\w+)=(\\d+)', 2)", gives: "42"),
        resolve: checkingPattern(takes([.string, .string, .int, .string], optional: 2, gives: .string), options: 3),
        evaluate: { input in
            var patterns = PatternCache(function: "regexp_extract")
            return try strings("regexp_extract", input.rowCount) { row in
                let group = input.columns.count > 2 ? input.columns[2].int(row) : 0
                let text = input.columns[0].string(row)
                guard let match = try patterns.pattern(input, row, options: 3).firstMatch(in: text) else { return "" }
                guard group >= 0, group < match.output.count else {
                    throw EvaluationError(
                        row: row,
                        .invalidArgument(
                            function: "regexp_extract",
                            "there is no group \(group): the pattern has \(match.output.count - 1)"))
                }
                return match.output[Int(group)].substring.map { String($0) } ?? ""
            }
        }),
    Function(
        "regexp_extract_all", "(text string, pattern string) -> list(string)", doc: "every match, from left to right",
        example: FunctionExample("regexp_extract_all('a1b22', '\\d+')", gives: "['1', '22']"),
        resolve: checkingPattern(takes([.string, .string], gives: .list(.string)), options: 9),
        evaluate: { input in
            var patterns = PatternCache(function: "regexp_extract_all")
            var builder = ColumnBuilder(.list(.string))
            for row in 0..<input.rowCount {
                let text = input.columns[0].string(row)
                for match in text.matches(of: try patterns.pattern(input, row, options: 9)) {
                    builder.children[0].append(string: String(text[match.range]))
                }
                builder.closeList()
            }
            return builder.finish()
        }),
    Function(
        "regexp_replace", "(text string, pattern string, by string [, options string]) -> string",
        doc: "the first match replaced, with option g every one; \\1 stands for the first group, \\0 for all",
        example: FunctionExample("regexp_replace('a  b   c', '\\s+', ' ', 'g')", gives: "a b c"),
        resolve: checkingPattern(takes([.string, .string, .string, .string], optional: 1, gives: .string), options: 3),
        evaluate: { input in
            var patterns = PatternCache(function: "regexp_replace")
            return try strings("regexp_replace", input.rowCount) { row in
                let text = input.columns[0].string(row)
                let regex = try patterns.pattern(input, row, options: 3)
                let every = input.columns.count > 3 && input.columns[3].string(row).contains("g")
                let matches = every ? text.matches(of: regex) : try regex.firstMatch(in: text).map { [$0] } ?? []
                guard !matches.isEmpty else { return text }
                let replacement = input.columns[2].string(row)
                var result = ""
                var place = text.startIndex
                for match in matches {
                    result += text[place..<match.range.lowerBound]
                    result += expand(replacement, match.output)
                    place = match.range.upperBound
                }
                return result + text[place...]
            }
        }),
    Function(
        "format", "(format string, a, b, …) -> string",
        doc:
            "each {} replaced by the next value; {:.2f} with digits after the point, {:05d} with zeros, {:>8} with a width",
        example: FunctionExample("format('{} is {:.2f}', 'pi', 3.14159)", gives: "pi is 3.14"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1_000)
            guard converts(arguments.types[0], to: .string) else {
                throw wrongType(0, wanted: .string, got: arguments.types[0])
            }
            if case .string(let text)? = arguments.constants[0] {
                let sample = arguments.types.dropFirst().map { type -> Value in
                    type == .int ? .int(0) : type == .float ? .float(0) : .string("")
                }
                if case .failure(let problem) = formatted(text, sample) {
                    throw TypeMismatch(argument: 0, problem.message)
                }
            }
            return Resolution([.string] + arguments.types.dropFirst(), .string)
        },
        evaluate: { input in
            try strings("format", input.rowCount) { row in
                let values = input.columns.dropFirst().map { $0.value(row) }
                switch formatted(input.columns[0].string(row), values) {
                case .success(let text): return text
                case .failure(let problem):
                    throw EvaluationError(row: row, .invalidArgument(function: "format", problem.message))
                }
            }
        }),
]

/// Compiles each distinct pattern once within one call.
private struct PatternCache {
    let function: String
    private var compiled: [String: Regex<AnyRegexOutput>] = [:]

    init(function: String) { self.function = function }

    mutating func pattern(_ input: FunctionInput, _ row: Int, options: Int) throws -> Regex<AnyRegexOutput> {
        let pattern = input.columns[1].string(row)
        let flags = input.columns.count > options ? input.columns[options].string(row) : ""
        let key = flags + "/" + pattern
        if let known = compiled[key] { return known }
        switch compile(pattern, flags) {
        case .success(let regex):
            compiled[key] = regex
            return regex
        case .failure(let problem):
            throw EvaluationError(row: row, .invalidArgument(function: function, problem.message))
        }
    }
}

private struct PatternProblem: Error {
    let message: String
}

private func compile(_ pattern: String, _ flags: String) -> Result<Regex<AnyRegexOutput>, PatternProblem> {
    guard pattern.utf8.count <= 10_000, nesting(of: pattern) <= 100 else {
        return .failure(PatternProblem(message: "the pattern is too long or too deeply nested"))
    }
    do {
        var regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
        for flag in flags {
            switch flag {
            case "g", "c": break
            case "i": regex = regex.ignoresCase()
            case "s": regex = regex.dotMatchesNewlines()
            case "m", "n", "p": regex = regex.anchorsMatchLineEndings()
            default: return .failure(PatternProblem(message: "there is no option `\(flag)`"))
            }
        }
        // What the engine cannot run shows when it compiles, at the first match.
        _ = try regex.firstMatch(in: "")
        return .success(regex)
    } catch {
        return .failure(PatternProblem(message: "`\(pattern)` is not a regular expression: \(error)"))
    }
}

private func nesting(of pattern: String) -> Int {
    var depth = 0
    var deepest = 0
    for byte in pattern.utf8 {
        if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") {
            depth += 1
            deepest = max(deepest, depth)
        } else if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") {
            depth -= 1
        }
    }
    return deepest
}

/// `resolve`, and a check of the pattern (argument 1) and its options where they are constant.
private func checkingPattern(_ resolve: @escaping Resolve, options: Int) -> Resolve {
    { arguments throws(TypeMismatch) in
        let resolution = try resolve(arguments)
        guard case .string(let pattern)? = arguments.constants[1] else { return resolution }
        var flags = ""
        if options < arguments.count, case .string(let given)? = arguments.constants[options] { flags = given }
        if case .failure(let problem) = compile(pattern, flags) { throw TypeMismatch(argument: 1, problem.message) }
        return resolution
    }
}

/// `\0` to `\9` replaced by groups; `\\` is a backslash.
private func expand(_ replacement: String, _ groups: AnyRegexOutput) -> String {
    var result = ""
    var isEscaped = false
    for character in replacement {
        if isEscaped {
            isEscaped = false
            if let digit = character.wholeNumberValue, digit < 10 {
                if digit < groups.count, let group = groups[digit].substring { result += group }
            } else {
                result.append(character)
            }
        } else if character == "\\" {
            isEscaped = true
        } else {
            result.append(character)
        }
    }
    return result
}

private func likeFunction(_ name: String, _ example: FunctionExample, ignoringCase: Bool) -> Function {
    Function(
        name, "text \(name) pattern -> bool",
        doc: "whether the whole text fits: % stands for any characters, _ for one, \\ takes the next as it is"
            + (ignoringCase ? "; case is ignored" : ""), example: example,
        resolve: takes([.string, .string], gives: .bool),
        evaluate: { input in
            var cache: [String: [LikePart]] = [:]
            return bools(input.rowCount) { row in
                let pattern = input.columns[1].string(row)
                let parts = cache[pattern] ?? likeParts(ignoringCase ? pattern.lowercased() : pattern)
                cache[pattern] = parts
                let text = input.columns[0].string(row)
                return matches(Array((ignoringCase ? text.lowercased() : text).unicodeScalars), parts)
            }
        })
}

private enum LikePart: Equatable {
    case any
    case one
    case exactly(Unicode.Scalar)
}

private func likeParts(_ pattern: String) -> [LikePart] {
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
    if isEscaped { parts.append(.exactly("\\")) }
    return parts
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
