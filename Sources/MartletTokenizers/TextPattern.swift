import MartletSupport

/// What `Split` and `Replace` look for: a string or a regular expression. Some that many models use are coded by hand.
enum TextPattern: Sendable {
    case string([UInt8])
    /// One or more of a set of scalars, or single ones.
    case scalars(ScalarFlags, isRun: Bool)
    /// Runs of spaces, of at least this length (` {2,}`, ` +`).
    case spaces(atLeast: Int)
    case words(WordPattern)
    case expression(RegularExpression)

    /// Regular expressions that have a faster way, by their text.
    private static let known: [String: TextPattern] = {
        var known: [String: TextPattern] = [
            "\\s+": .scalars(.whitespace, isRun: true), "\\s": .scalars(.whitespace, isRun: false),
            "\\p{N}": .scalars(.number, isRun: false), "\\p{N}+": .scalars(.number, isRun: true),
            " +": .spaces(atLeast: 1), " {2,}": .spaces(atLeast: 2),
        ]
        for pattern in WordPattern.allCases {
            for text in pattern.texts { known[text] = .words(pattern) }
        }
        return known
    }()

    private static let empty: TextPattern = (try? RegularExpression("")).map(TextPattern.expression) ?? .string([])

    init(_ part: PartReader) throws(TokenizerError) {
        // `Replace` may have the string itself; `{"String": …}` and `{"Regex": …}` are the usual forms.
        let string: String?
        if let text = part.json.string { string = text } else { string = try part.optionalString("String") }
        if let string {
            // The empty string is found between all characters, as the empty expression is.
            self = string.isEmpty ? .empty : .string(Array(string.utf8))
        } else if let pattern = try part.optionalString("Regex") {
            if let found = Self.known[pattern] {
                self = found
                return
            }
            do throws(RegularExpressionError) {
                self = .expression(try RegularExpression(pattern))
            } catch {
                throw .invalidPattern(file: part.file, part: part.path, pattern: pattern, error)
            }
        } else {
            throw part.invalid(nil, "should be {\"String\": …} or {\"Regex\": …}")
        }
    }

    /// Matches from left to right that do not overlap.
    func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard let base = text.baseAddress, !text.isEmpty else { return [] }
        var matches: [Range<Int>] = []
        switch self {
        case .expression(let expression): return expression.matches(in: text)
        case .string(let wanted):
            guard !wanted.isEmpty else { return [] }
            var index = 0
            while index + wanted.count <= text.count {
                if text[index] == wanted[0],
                    UnsafeBufferPointer(rebasing: text[index..<index + wanted.count]).elementsEqual(wanted)
                {
                    matches.append(index..<index + wanted.count)
                    index += wanted.count
                } else {
                    index += 1
                }
            }
        case .scalars(let flags, let isRun):
            let tables = ScalarTables.shared
            var index = 0
            while index < text.count {
                let start = index
                guard !tables.flags(UTF8Text.next(base, &index)).isDisjoint(with: flags) else { continue }
                if isRun, let last = matches.last, last.upperBound == start {
                    matches[matches.count - 1] = last.lowerBound..<index
                } else {
                    matches.append(start..<index)
                }
            }
        case .spaces(let least):
            var index = 0
            while index < text.count {
                let start = index
                while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
                if index - start >= least { matches.append(start..<index) }
                if index == start { index += 1 }
            }
        case .words(let pattern):
            var index = 0
            while index < text.count {
                let end = pattern.end(of: base, from: index, count: text.count)
                if end > index { matches.append(index..<end) }
                // The patterns match at every place; the guard keeps the loop moving.
                if end == index { _ = UTF8Text.next(base, &index) } else { index = end }
            }
        }
        return matches
    }
}
