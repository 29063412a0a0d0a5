/// The tree of a parsed pattern.
indirect enum PatternNode: Sendable {
    case sequence([PatternNode])
    case choice([PatternNode])
    case set(ScalarSet)
    case loop(PatternNode, PatternLoop)
    /// Looks without moving.
    case look(PatternNode, ahead: Bool, negated: Bool)
    /// Once matched, its other ways are given up.
    case atomic(PatternNode)
    case assertion(PatternAssertion)

    static let empty = PatternNode.sequence([])

    /// Whether it can match without moving.
    var isNullable: Bool {
        switch self {
        case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
        case .choice(let nodes): nodes.contains(where: \.isNullable)
        case .set: false
        case .loop(let body, let loop): loop.minimum == 0 || body.isNullable
        case .look, .assertion: true
        case .atomic(let body): body.isNullable
        }
    }

    /// How many scalars it matches, if that is always the same number.
    var fixedLength: Int? {
        switch self {
        case .sequence(let nodes):
            return nodes.reduce(0) { sum, node in
                guard let sum, let length = node.fixedLength else { return nil }
                let (total, overflow) = sum.addingReportingOverflow(length)
                return overflow ? nil : total
            }
        case .choice(let nodes):
            let lengths = nodes.map(\.fixedLength)
            return lengths.allSatisfy { $0 == lengths[0] } ? lengths[0] : nil
        case .set: return 1
        case .loop(let body, let loop):
            guard loop.minimum == loop.maximum, let length = body.fixedLength else { return nil }
            let (total, overflow) = length.multipliedReportingOverflow(by: loop.minimum)
            return overflow ? nil : total
        case .look, .assertion: return 0
        case .atomic(let body): return body.fixedLength
        }
    }
}

/// How often something repeats, and in which order the numbers are tried.
struct PatternLoop: Sendable {
    enum Mode: Sendable {
        case greedy, lazy, possessive
    }
    var minimum: Int
    /// Nil for no limit.
    var maximum: Int?
    var mode = Mode.greedy
}

enum PatternAssertion: UInt8, Sendable {
    /// `^`, `$`
    case lineStart, lineEnd
    /// `\A`, `\z`, `\Z`
    case textStart, textEnd, textEndOrNewline
    /// `\b`, `\B`
    case wordBorder, noWordBorder
    /// `\G`
    case searchStart
}
