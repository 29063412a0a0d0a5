/// With which scalars a match of something, or of what follows it, begins.
struct PatternFirst {
    /// Nil when that is not known, or when it can succeed without a scalar.
    var set: ScalarSet?
    /// It succeeds anywhere.
    var isSure = false

    /// The end of a program.
    static let success = PatternFirst(set: nil, isSure: true)
    static let unknown = PatternFirst(set: nil)

    init(set: ScalarSet?, isSure: Bool = false) {
        self.set = set
        self.isSure = isSure
    }

    /// Of `node` with `rest` after it.
    init(of node: PatternNode, before rest: PatternFirst) {
        switch node {
        case .set(let set): self.init(set: set)
        case .sequence(let nodes):
            self = nodes.reversed().reduce(rest) { PatternFirst(of: $1, before: $0) }
        case .choice(let nodes):
            let branches = nodes.map { PatternFirst(of: $0, before: rest) }
            let sets = branches.compactMap(\.set)
            self.init(
                set: sets.count == branches.count ? ScalarSet(Set(sets).flatMap(\.ranges)) : nil,
                isSure: branches.contains(where: \.isSure))
        case .loop(let body, let loop):
            if loop.maximum == 0 {
                self = rest
            } else if loop.minimum > 0 {
                // What stands after the first turn does not matter unless the turn can be empty.
                self = PatternFirst(of: body, before: body.isNullable ? .unknown : rest)
            } else {
                let first = PatternFirst(of: body, before: .unknown)
                self.init(set: first.set.flatMap { first in rest.set.map(first.union) }, isSure: rest.isSure)
            }
        case .atomic(let body): self.init(set: PatternFirst(of: body, before: .unknown).set)
        case .look, .assertion: self = .unknown
        }
    }

    /// Whether a loop over `set` may keep all that it takes: giving some back would not help.
    func cannotUse(_ set: ScalarSet) -> Bool {
        isSure || self.set.map { $0.isDisjoint(with: set) } ?? false
    }
}
