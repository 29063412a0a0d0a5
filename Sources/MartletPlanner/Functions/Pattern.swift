import MartletData

/// Compiles each distinct pattern once within one call.
struct PatternCache {
    let function: String
    private var compiled: [String: Regex<AnyRegexOutput>] = [:]
    private var groupCounts: [String: Int] = [:]
    private var replacements: [String: Replacement] = [:]

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

    /// Throws if the row's pattern has no such group, whether it matches or not.
    mutating func checkGroup(_ group: Int64, _ input: FunctionInput, _ row: Int) throws {
        let count = groupCount(input.columns[1].string(row))
        guard group < 0 || group > count else { return }
        throw EvaluationError(
            row: row,
            .invalidArgument(function: function, "there is no group \(group): the pattern has \(count)"))
    }

    /// What replaces matches in the row (argument 2).
    mutating func replacement(_ input: FunctionInput, _ row: Int) throws -> Replacement {
        let text = input.columns[2].string(row)
        var replacement = replacements[text]
        if replacement == nil {
            switch Replacement.parse(text) {
            case .success(let parsed): replacement = parsed
            case .failure(let problem):
                throw EvaluationError(row: row, .invalidArgument(function: function, problem.message))
            }
            replacements[text] = replacement
        }
        guard let replacement else { preconditionFailure("bug: a replacement that was not parsed") }
        if replacement.greatestGroup > 0 { try checkGroup(Int64(replacement.greatestGroup), input, row) }
        return replacement
    }

    private mutating func groupCount(_ pattern: String) -> Int {
        if let known = groupCounts[pattern] { return known }
        // The empty alternative matches anywhere, and a match tells of all groups.
        let match = try? Regex("|(?:\(pattern)\n)").firstMatch(in: "")
        let count = (match?.output.count ?? 1) - 1
        groupCounts[pattern] = count
        return count
    }
}

struct PatternProblem: Error {
    let message: String
}

private func compile(_ pattern: String, _ flags: String) -> Result<Regex<AnyRegexOutput>, PatternProblem> {
    guard pattern.utf8.count <= 10_000, nesting(of: pattern) <= 100 else {
        return .failure(PatternProblem(message: "the pattern is too long or too deeply nested"))
    }
    do {
        var regex = try Regex(withPlainWords(pattern)).matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
            .wordBoundaryKind(.simple)
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

/// `\w` and `\W` as sets of ASCII characters: Swift's own leave out a letter with a mark, even when matching code points.
private func withPlainWords(_ pattern: String) -> String {
    guard pattern.utf8.contains(UInt8(ascii: "\\")), !pattern.contains("\\Q") else { return pattern }
    var result = String.UnicodeScalarView()
    var rest = pattern.unicodeScalars[...]
    while let scalar = rest.popFirst() {
        guard scalar == "\\", let escaped = rest.popFirst() else {
            result.append(scalar)
            continue
        }
        switch escaped {
        case "w": result.append(contentsOf: "[A-Za-z0-9_]".unicodeScalars)
        case "W": result.append(contentsOf: "[^A-Za-z0-9_]".unicodeScalars)
        default: result.append(contentsOf: [scalar, escaped])
        }
    }
    return String(result)
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
func checkingPattern(_ resolve: @escaping Resolve, options: Int) -> Resolve {
    { arguments throws(TypeMismatch) in
        let resolution = try resolve(arguments)
        guard case .string(let pattern)? = arguments.constants[1] else { return resolution }
        var flags = ""
        if options < arguments.count, case .string(let given)? = arguments.constants[options] { flags = given }
        if case .failure(let problem) = compile(pattern, flags) { throw TypeMismatch(argument: 1, problem.message) }
        return resolution
    }
}
