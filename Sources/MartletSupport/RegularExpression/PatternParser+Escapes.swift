extension PatternParser {
    /// What stands after a backslash outside brackets.
    mutating func escape(_ options: Options) throws(RegularExpressionError) -> PatternNode {
        guard let scalar = peek else { throw error(.invalidEscape("\\")) }
        switch scalar {
        case "b", "B", "A", "z", "Z", "G":
            index += 1
            let assertions: [Unicode.Scalar: PatternAssertion] = [
                "b": .wordBorder, "B": .noWordBorder, "A": .textStart, "z": .textEnd, "Z": .textEndOrNewline,
                "G": .searchStart,
            ]
            return .assertion(assertions[scalar] ?? .textStart)
        case "R":
            index += 1
            let single = ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
            let pair = PatternNode.sequence([.set(ScalarSet(0x0D)), .set(ScalarSet(0x0A))])
            return .atomic(.choice([pair, .set(single)]))
        case "1"..."9": throw error(.unsupported("a reference to a group (`\\\(scalar)`)"))
        case "k", "g", "K", "X", "y", "Y": throw error(.unsupported("`\\\(scalar)`"))
        default:
            if let set = try classEscape() { return .set(set) }
            return literal(try scalarEscape(), options)
        }
    }

    /// `\d`, `\p{…}` and the like, after the backslash; nil, and nothing read, for others.
    mutating func classEscape(inBrackets: Bool = false) throws(RegularExpressionError) -> ScalarSet? {
        guard let scalar = peek else { return nil }
        let set: ScalarSet
        switch scalar {
        case "d", "D": set = try property("Nd")
        case "w", "W": set = inBrackets ? UnicodeProperties.bracketWordScalars : UnicodeProperties.wordScalars
        case "s", "S": set = UnicodeProperties.space
        case "h", "H": set = try property("xdigit")
        case "N": set = ScalarSet(0x0A).complement
        case "O": set = .all
        case "p", "P":
            guard index + 1 < scalars.count, scalars[index + 1] == "{" else { return nil }
            index += 2
            let isInverted = accept("^")
            let name = text(upTo: "}")
            guard accept("}") else { throw error(.unknownProperty(name)) }
            let found = try property(name)
            return isInverted != (scalar == "P") ? found.complement : found
        default: return nil
        }
        index += 1
        return "DWSH".unicodeScalars.contains(scalar) ? set.complement : set
    }

    private mutating func text(upTo end: Unicode.Scalar) -> String {
        let start = index
        while let scalar = peek, scalar != end { index += 1 }
        return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    /// The scalar of an escape, after the backslash.
    mutating func scalarEscape() throws(RegularExpressionError) -> UInt32 {
        guard let scalar = peek else { throw error(.invalidEscape("\\")) }
        index += 1
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "a": return 0x07
        case "e": return 0x1B
        case "0":
            var value: UInt32 = 0
            for _ in 0..<2 {
                guard let digit = peek, ("0"..."7").contains(digit) else { break }
                value = value * 8 + digit.value - 0x30
                index += 1
            }
            return value
        case "x" where accept("{"):
            let digits = text(upTo: "}")
            guard accept("}"), digits.count <= 8, let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil
            else {
                throw error(.invalidEscape("\\x{\(digits)}"))
            }
            return value
        // Bytes from 0x80 on would be parts of UTF-8 sequences.
        case "x": return try hexadecimal(1...2, "\\x", below: 0x80)
        case "u": return try hexadecimal(4...4, "\\u", below: 0x10000)
        case "c", "C", "M": throw error(.unsupported("`\\\(scalar)`"))
        default: return scalar.value
        }
    }

    private mutating func hexadecimal(
        _ count: ClosedRange<Int>, _ prefix: String, below limit: UInt32
    ) throws(RegularExpressionError) -> UInt32 {
        var digits = ""
        while digits.count < count.upperBound, let digit = peek, digit.properties.isASCIIHexDigit {
            digits.unicodeScalars.append(digit)
            index += 1
        }
        guard digits.count >= count.lowerBound, let value = UInt32(digits, radix: 16), value < limit,
            Unicode.Scalar(value) != nil
        else { throw error(.invalidEscape(prefix + digits)) }
        return value
    }
}
