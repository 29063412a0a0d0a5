extension PatternParser {
    /// bracket = "[" ["^"] operand *("&&" operand) "]", after the opening bracket; operand = *(range / class / bracket).
    mutating func bracket(_ options: Options, depth: Int = 0) throws(RegularExpressionError) -> ScalarSet {
        guard depth < 100 else { throw error(.tooDeep(limit: 100)) }
        let isInverted = accept("^")
        var result: ScalarSet?
        var operand: [ClosedRange<UInt32>] = []
        var isFirst = true
        func merged() -> ScalarSet {
            var set = ScalarSet(operand)
            if options.ignoresCase { set = set.ignoringCase }
            return result.map { $0.intersection(set) } ?? set
        }
        while let scalar = peek {
            if scalar == "]", !isFirst {
                index += 1
                let set = merged()
                return isInverted ? set.complement : set
            }
            isFirst = false
            if accept("&&") {
                result = merged()
                operand = []
                continue
            }
            if scalar == "[" {
                if let set = try posixBracket() {
                    operand += set.ranges
                } else {
                    index += 1
                    operand += try bracket(options, depth: depth + 1).ranges
                }
                continue
            }
            guard let first = try member(&operand) else { continue }
            operand.append(try range(from: first))
        }
        throw error(.unmatchedBracket)
    }

    /// One scalar of a bracket; nil if it was a class, which is then in `operand`.
    private mutating func member(_ operand: inout [ClosedRange<UInt32>]) throws(RegularExpressionError) -> UInt32? {
        guard let scalar = peek else { throw error(.unmatchedBracket) }
        index += 1
        guard scalar == "\\" else { return scalar.value }
        if accept("b") { return 0x08 }
        if let set = try classEscape(inBrackets: true) {
            operand += set.ranges
            if peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" { throw error(.invalidRange) }
            return nil
        }
        return try scalarEscape()
    }

    /// The range that begins with `first`; a hyphen before the closing bracket stands for itself.
    private mutating func range(from first: UInt32) throws(RegularExpressionError) -> ClosedRange<UInt32> {
        guard peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else { return first...first }
        index += 1
        if peek == "[" { throw error(.invalidRange) }
        var classes: [ClosedRange<UInt32>] = []
        guard let last = try member(&classes), first <= last else { throw error(.invalidRange) }
        return first...last
    }

    /// `[:name:]` or `[:^name:]`; nil, and nothing read, if it is not one.
    private mutating func posixBracket() throws(RegularExpressionError) -> ScalarSet? {
        let start = index
        guard accept("[:") else { return nil }
        let isInverted = accept("^")
        var name = ""
        while let scalar = peek, scalar.properties.isAlphabetic, name.count < 16 {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard accept(":]") else {
            index = start
            return nil
        }
        guard let set = UnicodeProperties.posix(name) else { throw error(.unknownProperty(name)) }
        return isInverted ? set.complement : set
    }
}
