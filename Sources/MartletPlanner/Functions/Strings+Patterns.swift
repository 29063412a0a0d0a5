import MartletData

/// Regular expressions and `format`. Patterns are Swift's regular expressions (PCRE's syntax), matched on code points; `\d`,
/// `\w`, `\s` and `\b` know ASCII only, as in DuckDB. A constant pattern is checked when the query is bound.
let patternFunctions: [Function] = [
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
                let pattern = try patterns.pattern(input, row, options: 3)
                if group != 0 { try patterns.checkGroup(group, input, row) }
                guard let match = try pattern.firstMatch(in: text) else { return "" }
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
                let replacement = try patterns.replacement(input, row)
                guard !matches.isEmpty else { return text }
                var result = ""
                var place = text.startIndex
                for (number, match) in matches.enumerated() {
                    // An empty match where the one before it ended is none.
                    if number > 0, match.range.isEmpty, match.range.lowerBound == place { continue }
                    result += text[place..<match.range.lowerBound]
                    result += replacement.expanded(match.output)
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
