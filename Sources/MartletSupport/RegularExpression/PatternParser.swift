/// Reads a pattern in Oniguruma's Ruby syntax, which is what `tokenizer.json` files are written in.
struct PatternParser {
    /// `i`, `m` and `x` in `(?imx)`.
    struct Options {
        var ignoresCase = false
        var dotMatchesNewline = false
        var isExtended = false
    }
    let scalars: [Unicode.Scalar]
    var index = 0
    private var depth = 0
    private static let depthLimit = 100
    private static let countLimit = 100_000
    /// Scalars of a pattern, and quantifiers after one atom; far above what files have.
    private static let lengthLimit = 8192
    private static let stackLimit = 8

    static func parse(_ pattern: String, options: Options = Options()) throws(RegularExpressionError) -> PatternNode {
        var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
        guard parser.scalars.count <= lengthLimit else { throw parser.error(.tooLarge(limit: lengthLimit)) }
        let node = try parser.choice(options)
        guard parser.index == parser.scalars.count else { throw parser.error(.unmatchedParenthesis) }
        return node
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    func error(_ reason: RegularExpressionError.Reason) -> RegularExpressionError {
        RegularExpressionError(reason: reason, offset: index)
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func accept(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars.count - index >= wanted.count, scalars[index..<index + wanted.count].elementsEqual(wanted) else {
            return false
        }
        index += wanted.count
        return true
    }

    /// choice = sequence *("|" sequence)
    mutating func choice(_ options: Options) throws(RegularExpressionError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit)) }
        var branches = [try sequence(options)]
        while accept("|") { branches.append(try sequence(options)) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    /// sequence = *(atom *quantifier); every turn reads at least one scalar.
    private mutating func sequence(_ options: Options) throws(RegularExpressionError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            if options.isExtended, skipsBlank(next) { continue }
            if accept("(?#") {
                while let scalar = peek, scalar != ")" { index += scalar == "\\" ? 2 : 1 }
                guard accept(")") else { throw error(.unmatchedParenthesis) }
                continue
            }
            var node = try atom(options)
            var loops = 0
            while let loop = try quantifier() {
                loops += 1
                guard loops <= Self.stackLimit else { throw error(.tooDeep(limit: Self.stackLimit)) }
                node = .loop(node, loop)
            }
            nodes.append(node)
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func skipsBlank(_ next: Unicode.Scalar) -> Bool {
        if next == "#" {
            while let scalar = peek, scalar != "\n" { index += 1 }
            return true
        }
        guard next == " " || (0x09...0x0D).contains(next.value) else { return false }
        index += 1
        return true
    }

    /// quantifier = ("*" / "+" / "?" / "{" [n] ["," [m]] "}") ["?" / "+"]; nil, and nothing read, if there is none.
    private mutating func quantifier() throws(RegularExpressionError) -> PatternLoop? {
        if accept("*") { return suffixed(PatternLoop(minimum: 0, maximum: nil)) }
        if accept("+") { return suffixed(PatternLoop(minimum: 1, maximum: nil)) }
        if accept("?") { return suffixed(PatternLoop(minimum: 0, maximum: 1)) }
        guard peek == "{" else { return nil }
        let start = index
        index += 1
        let minimum = try count()
        var loop = PatternLoop(minimum: minimum ?? 0, maximum: minimum)
        let hasComma = accept(",")
        if hasComma { loop.maximum = try count() }
        guard accept("}"), minimum != nil || loop.maximum != nil else {
            index = start
            return nil
        }
        if let maximum = loop.maximum, maximum < loop.minimum {
            throw error(.unsupported("a repetition whose least count is above its greatest"))
        }
        // As in Ruby: `{n}?` is an option, and a plus after braces is one more loop.
        if hasComma, accept("?") { loop.mode = .lazy }
        return loop
    }

    private mutating func suffixed(_ loop: PatternLoop) -> PatternLoop {
        var loop = loop
        if accept("?") { loop.mode = .lazy } else if accept("+") { loop.mode = .possessive }
        return loop
    }

    private mutating func count() throws(RegularExpressionError) -> Int? {
        var value: Int?
        while let scalar = peek, ("0"..."9").contains(scalar) {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            guard let value, value <= Self.countLimit else { throw error(.tooLarge(limit: Self.countLimit)) }
            index += 1
        }
        return value
    }

    private mutating func atom(_ options: Options) throws(RegularExpressionError) -> PatternNode {
        guard let scalar = peek else { return .empty }
        switch scalar {
        case "(": return try group(options)
        case "[":
            index += 1
            return .set(try bracket(options))
        case ".":
            index += 1
            return .set(options.dotMatchesNewline ? .all : ScalarSet(0x0A).complement)
        case "^":
            index += 1
            return .assertion(.lineStart)
        case "$":
            index += 1
            return .assertion(.lineEnd)
        case "*", "+", "?": throw error(.nothingToRepeat)
        case "\\":
            index += 1
            return try escape(options)
        default:
            index += 1
            return literal(scalar.value, options)
        }
    }

    /// The set of `\p{name}`.
    func property(_ name: String) throws(RegularExpressionError) -> ScalarSet {
        guard let set = UnicodeProperties.set(named: name) else { throw error(.unknownProperty(name)) }
        return set
    }

    func literal(_ scalar: UInt32, _ options: Options) -> PatternNode {
        let set = ScalarSet(scalar)
        return .set(options.ignoresCase ? set.ignoringCase : set)
    }

    /// group = "(" ["?" kind] choice ")"; an option without a colon reaches to the end of the group around it.
    private mutating func group(_ options: Options) throws(RegularExpressionError) -> PatternNode {
        let start = index
        index += 1
        var make: (PatternNode) -> PatternNode = { $0 }
        var options = options
        if accept("?") {
            if accept(":") {
            } else if accept("=") {
                make = { .look($0, ahead: true, negated: false) }
            } else if accept("!") {
                make = { .look($0, ahead: true, negated: true) }
            } else if accept("<=") {
                make = { .look($0, ahead: false, negated: false) }
            } else if accept("<!") {
                make = { .look($0, ahead: false, negated: true) }
            } else if accept(">") {
                make = { .atomic($0) }
            } else if accept("<") || accept("'") {
                let close: Unicode.Scalar = scalars[index - 1] == "<" ? ">" : "'"
                while let scalar = peek, scalar != close { index += 1 }
                guard peek != nil else { throw error(.unmatchedParenthesis) }
                index += 1
            } else if try !self.options(&options) {
                // `(?i)`: the rest of the group.
                return try choice(options)
            }
        }
        let body = try choice(options)
        guard accept(")") else {
            index = start
            throw error(.unmatchedParenthesis)
        }
        return make(body)
    }

    /// options = *("i" / "m" / "x") ["-" *("i" / "m" / "x")] (":" / ")"); false if it ends with the parenthesis.
    private mutating func options(_ options: inout Options) throws(RegularExpressionError) -> Bool {
        var value = true
        let start = index
        while let scalar = peek {
            index += 1
            switch scalar {
            case "i": options.ignoresCase = value
            case "m": options.dotMatchesNewline = value
            case "x": options.isExtended = value
            case "-": value = false
            case ":": return true
            case ")": return false
            case "~", "(": throw error(.unsupported("an absence operator or a condition"))
            default: throw error(.unknownGroup(String(String.UnicodeScalarView(scalars[start..<index]))))
            }
        }
        throw error(.unmatchedParenthesis)
    }
}
