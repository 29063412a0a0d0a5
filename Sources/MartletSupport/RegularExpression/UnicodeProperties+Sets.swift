import Synchronization

extension UnicodeProperties {
    /// Lists of scalars that are equal when case is ignored.
    static let orbits: [[UInt32]] = {
        var reader = CompactTableReader(caseOrbits)
        var orbits: [[UInt32]] = []
        var last: UInt32 = 0
        while let count = reader.next() {
            last += reader.number()
            var orbit = [last]
            for _ in 1..<count { orbit.append(orbit[orbit.count - 1] + reader.number()) }
            orbits.append(orbit)
        }
        return orbits
    }()

    static let categories = sets(category, count: categoryNames.count)
    static let scripts = sets(script, count: scriptNames.count)
    static let space = ScalarSet(CompactTableReader.ranges(whiteSpace))
    static let wordScalars = ScalarSet(CompactTableReader.ranges(word))
    /// `\w` and `[:word:]` in brackets, where the reference leaves out `²`, `³`, `¹`, `¼`, `½` and `¾`.
    static let bracketWordScalars = wordScalars.intersection(
        ScalarSet([0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE]).complement)

    /// The sets of a table of classes by value.
    private static func sets(_ table: StaticString, count: Int) -> [ScalarSet] {
        var ranges = [[ClosedRange<UInt32>]](repeating: [], count: count)
        for run in CompactTableReader.classes(table) where Int(run.value) < count {
            ranges[Int(run.value)].append(run.range)
        }
        return ranges.map { ScalarSet($0) }
    }

    /// Long names of categories, without their underscores.
    private static let longNames: [String: String] = [
        "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt",
        "modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "combiningmark": "M", "nonspacingmark": "Mn",
        "spacingmark": "Mc", "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd", "letternumber": "Nl",
        "othernumber": "No", "punctuation": "P", "connectorpunctuation": "Pc", "dashpunctuation": "Pd",
        "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi", "finalpunctuation": "Pf",
        "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc", "modifiersymbol": "Sk",
        "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs", "lineseparator": "Zl",
        "paragraphseparator": "Zp", "other": "C", "control": "Cc", "format": "Cf", "privateuse": "Co",
        "surrogate": "Cs", "unassigned": "Cn",
    ]

    /// The set of `\p{name}`: a category, a script, a binary property or a POSIX class; case, spaces, `-` and `_` do not
    /// count. Nil if there is none of that name.
    static func set(named name: String) -> ScalarSet? {
        let key = String(name.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" })
        if let set = known.withLock({ $0[key] }) { return set }
        let set = make(key)
        if let set { known.withLock { $0[key] = set } }
        return set
    }

    /// Sets that were asked for before: there are only as many as names.
    private static let known = Mutex<[String: ScalarSet]>([:])

    private static func make(_ key: String) -> ScalarSet? {
        switch key {
        case "punct": return category("p")
        case "word": return wordScalars
        case "any": return .all
        case "assigned": return unassigned.complement
        case "alphabetic": return ScalarSet(CompactTableReader.ranges(alphabetic))
        case "uppercase": return ScalarSet(CompactTableReader.ranges(uppercase))
        case "lowercase": return ScalarSet(CompactTableReader.ranges(lowercase))
        case "whitespace": return space
        case "emoji": return ScalarSet(CompactTableReader.ranges(emoji))
        default: break
        }
        if let set = category(longNames[key] ?? key) { return set }
        if let set = posix(key) { return set }
        let script = scriptNames.firstIndex { $0.lowercased().filter { $0 != "_" } == key }
        return script.map { scripts[$0] }
    }

    /// Scalars without a category, surrogates left out.
    private static var unassigned: ScalarSet {
        categories.reduce(ScalarSet(0xD800...0xDFFF)) { $0.union($1) }.complement
    }

    private static func category(_ name: String) -> ScalarSet? {
        let name = name.lowercased()
        switch name {
        case "cn": return unassigned
        case "cs": return ScalarSet(0xD800...0xDFFF)
        case "lc": return ["lu", "ll", "lt"].compactMap(category).reduce(ScalarSet()) { $0.union($1) }
        case "c": return categories(in: "c").union(unassigned)
        default:
            let found = categories(in: name)
            return found.isEmpty ? nil : found
        }
    }

    /// The union of the categories whose names begin with `prefix`; one of them for a whole name.
    private static func categories(in prefix: String) -> ScalarSet {
        guard (1...2).contains(prefix.count) else { return ScalarSet() }
        return zip(categoryNames, categories).reduce(ScalarSet()) {
            $1.0.lowercased().hasPrefix(prefix) ? $0.union($1.1) : $0
        }
    }

    /// The set of `[[:name:]]`.
    static func posix(_ name: String) -> ScalarSet? {
        func properties(_ names: String...) -> ScalarSet {
            names.compactMap(set(named:)).reduce(ScalarSet()) { $0.union($1) }
        }
        switch name {
        case "alnum": return properties("alphabetic", "Nd")
        case "alpha": return properties("alphabetic")
        case "ascii": return ScalarSet(0...0x7F)
        case "blank": return properties("Zs").union(ScalarSet(0x09))
        case "cntrl": return properties("Cc")
        case "digit": return properties("Nd")
        case "graph": return properties("whitespace", "Cc", "Cn", "Cs").complement
        case "lower": return properties("lowercase")
        case "print": return properties("Cc", "Cn", "Cs", "Zl", "Zp").complement
        case "punct": return properties("P", "S")
        case "space": return space
        case "upper": return properties("uppercase")
        case "word": return bracketWordScalars
        case "xdigit": return ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        default: return nil
        }
    }
}
