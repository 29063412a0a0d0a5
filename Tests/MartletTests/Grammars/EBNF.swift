/// A grammar as `grammar/martlet.ebnf` writes it, read so that it can be run.
///
/// Right sides are alternatives of sequences; groups, options and repetitions have become rules of their own.
struct EBNF {
    enum Symbol: Hashable {
        case rule(Int)
        /// In quotes.
        case literal(String)
        /// `? words ?`
        case special(String)
    }

    private(set) var names: [String] = []
    /// For each rule its alternatives.
    private(set) var rules: [[[Symbol]]] = []
    /// Rules of the form `A - B`: what is A and not B.
    private(set) var exceptions: [Int: Int] = [:]

    struct Malformed: Error, CustomStringConvertible {
        var description: String
    }

    init(_ text: String) throws {
        var reader = Reader(tokens: try Self.tokens(text))
        while let token = reader.take() {
            guard case .name(let name) = token, reader.take() == .sign("=") else {
                throw Malformed(description: "a rule should begin at \(token)")
            }
            let rule = number(name)
            guard rules[rule].isEmpty else { throw Malformed(description: "`\(name)` is defined twice") }
            rules[rule] = try alternatives(&reader)
            if reader.peek == .sign("-") {
                _ = reader.take()
                guard case .name(let left)? = rules[rule].first.flatMap({ self.name(of: $0) }).map(Token.name),
                    case .name(let right)? = reader.take()
                else { throw Malformed(description: "`\(name)`: an exception is `name - name`") }
                rules[rule] = [[.rule(number(left))]]
                exceptions[rule] = number(right)
            }
            guard reader.take() == .sign(";") else { throw Malformed(description: "`\(name)` does not end with ;") }
        }
    }

    func rule(_ name: String) -> Int? { names.firstIndex(of: name) }

    /// Rules that are used and not defined.
    var undefined: [String] { names.indices.filter { rules[$0].isEmpty }.map { names[$0] } }

    /// The same with each literal as one literal for each character.
    var spelledOut: EBNF {
        var copy = self
        copy.rules = rules.map { alternatives in
            alternatives.map { sequence in
                sequence.flatMap { symbol in
                    if case .literal(let text) = symbol { text.map { Symbol.literal(String($0)) } } else { [symbol] }
                }
            }
        }
        return copy
    }

    private func name(of sequence: [Symbol]) -> String? {
        if sequence.count == 1, case .rule(let rule) = sequence[0] { names[rule] } else { nil }
    }

    private mutating func number(_ name: String) -> Int {
        if let known = names.firstIndex(of: name) { return known }
        names.append(name)
        rules.append([])
        return names.count - 1
    }

    private mutating func fresh(_ alternatives: [[Symbol]]) -> Symbol {
        names.append("(\(names.count))")
        rules.append(alternatives)
        return .rule(names.count - 1)
    }

    private mutating func alternatives(_ reader: inout Reader) throws -> [[Symbol]] {
        var result = [try sequence(&reader)]
        while reader.peek == .sign("|") {
            _ = reader.take()
            result.append(try sequence(&reader))
        }
        return result
    }

    private mutating func sequence(_ reader: inout Reader) throws -> [Symbol] {
        var result: [Symbol] = []
        while let token = reader.peek {
            switch token {
            case .name(let name): result.append(.rule(number(name)))
            case .literal(let text): result.append(.literal(text))
            case .special(let words): result.append(.special(words))
            case .sign("("), .sign("["), .sign("{"):
                result.append(try group(&reader))
                continue
            default: return result
            }
            _ = reader.take()
        }
        return result
    }

    private mutating func group(_ reader: inout Reader) throws -> Symbol {
        let opening = reader.take()
        let inner = try alternatives(&reader)
        let closing = [Token.sign("("): ")", .sign("["): "]", .sign("{"): "}"][opening ?? .sign("")]
        guard let closing, reader.take() == .sign(closing) else {
            throw Malformed(description: "a bracket is not closed: \(String(describing: opening))")
        }
        if closing == ")" { return fresh(inner) }
        if closing == "]" { return fresh(inner + [[]]) }
        let whole = fresh([])
        guard case .rule(let rule) = whole else { return whole }
        rules[rule] = [[]] + inner.map { [whole] + $0 }
        return whole
    }
}

extension EBNF {
    fileprivate enum Token: Hashable {
        case name(String)
        case literal(String)
        case special(String)
        case sign(String)
    }

    fileprivate struct Reader {
        let tokens: [Token]
        var place = 0
        var peek: Token? { place < tokens.count ? tokens[place] : nil }

        mutating func take() -> Token? {
            defer { place += 1 }
            return peek
        }
    }

    private static func tokens(_ text: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = Substring(text)
        /// What stands between delimiters, which are passed.
        func quoted(_ from: Int, _ end: String) throws -> String {
            rest.removeFirst(from)
            guard let range = rest.firstRange(of: end) else { throw Malformed(description: "`\(end)` is missing") }
            defer { rest = rest[range.upperBound...] }
            return String(rest[..<range.lowerBound])
        }
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("(*") {
                _ = try quoted(2, "*)")
            } else if character == "\"" || character == "'" {
                tokens.append(.literal(try quoted(1, String(character))))
            } else if character == "?" {
                tokens.append(.special(try quoted(1, "?").trimmingSpaces))
            } else if character.isLetter {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
                tokens.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            } else {
                tokens.append(.sign(String(character)))
                rest.removeFirst()
            }
        }
        return tokens
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
