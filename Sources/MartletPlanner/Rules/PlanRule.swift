/// A rewrite of plans. Each lives in `Rules/<VerbNoun>.swift`, opens with the identity it proves, and has one line in
/// `PlanRules.table`, at its place in the order.
package protocol PlanRule: Sendable {
    /// By which `set disable` switches it off, in snake case: `push_filters`.
    static var name: String { get }
    /// One line for `show rules`.
    static var summary: String { get }
    /// The node that takes `node`'s place, nil if the rule does not apply. Columns and their order stay the same.
    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode?
}

/// What rules share while one query is rewritten.
package struct RuleContext: Sendable {
    /// The first number that no column has.
    package var nextColumn: Int
    /// The query's lets, rewritten as far as the driver has come.
    package var lets: [SharedPlan]
    /// How often each let is read, over the whole query.
    package let readers: [Int: Int]

    package init(nextColumn: Int, lets: [SharedPlan] = [], readers: [Int: Int] = [:]) {
        self.nextColumn = nextColumn
        self.lets = lets
        self.readers = readers
    }

    mutating func newColumn() -> ColumnID {
        defer { nextColumn += 1 }
        return ColumnID(nextColumn)
    }
}

/// How often a rule applied to a query.
package struct RuleFiring: Hashable, Sendable {
    package var rule: String
    package var count: Int
}

/// A query after all rules.
package struct OptimizedQuery: Sendable {
    package var root: LogicalNode
    package var lets: [SharedPlan]
    package var settings: Settings
    /// Rules that applied, in the order of the table.
    package var fired: [RuleFiring]

    /// Plans of lets and of the query itself, as text.
    package var dump: String {
        let parts = lets.map { "let \($0.name):\n\($0.root.dump)" } + [root.dump]
        return parts.joined(separator: "\n")
    }
}

/// The plan rules, in order.
package enum PlanRules {
    package static let table: [any PlanRule] = [
        // First, so that the others see through a let.
        InlineLets(),
        FoldConstants(),
        // Before filters move, so that one filter with all conditions moves at once.
        MergeFilters(),
        PushFilters(),
        FilterJoins(),
        PushTops(),
        PushLimits(),
        ShareInfer(),
        ShareArmInfer(),
        // After sharing, which spares a call that this would run anew.
        BatchArms(),
        // After sharing, which can leave outputs without a reader.
        PruneColumns(),
        RemoveProjections(),
    ]

    package static var names: [String] { table.map { type(of: $0).name } }

    /// Rewrites a query to a fixed point.
    ///
    /// - Parameter validating: check every plan after every application (for tests; a broken plan is a bug and traps).
    package static func optimize(_ query: BoundQuery, validating: Bool = false) -> OptimizedQuery {
        var driver = RuleDriver(
            disabled: query.settings.disabled,
            context: RuleContext(nextColumn: query.nextColumn, lets: query.lets, readers: readers(query)),
            validating: validating)
        // A let reads only lets before it.
        for number in query.lets.indices { driver.context.lets[number].root = driver.run(query.lets[number].root) }
        let root = driver.run(query.root)
        let (lets, renumbered) = readLets(driver.context.lets, root)
        return OptimizedQuery(root: renumbered, lets: lets, settings: query.settings, fired: driver.fired)
    }

    private static func readers(_ query: BoundQuery) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for root in query.lets.map(\.root) + [query.root] {
            root.visit { if case .shared(let node) = $0 { counts[node.number, default: 0] += 1 } }
        }
        return counts
    }

    /// The lets that are still read, numbered anew.
    private static func readLets(_ lets: [SharedPlan], _ root: LogicalNode) -> ([SharedPlan], LogicalNode) {
        var numbers: [Int: Int] = [:]
        var kept: [SharedPlan] = []
        func renumber(_ node: LogicalNode) -> LogicalNode {
            guard case .shared(var shared) = node else { return node.mapChildren(renumber) }
            if numbers[shared.number] == nil {
                let plan = SharedPlan(name: lets[shared.number].name, root: renumber(lets[shared.number].root))
                numbers[shared.number] = kept.count
                kept.append(plan)
            }
            shared.number = numbers[shared.number] ?? shared.number
            return .shared(shared)
        }
        let renumbered = renumber(root)
        return (kept, renumbered)
    }
}

/// Owns traversal, switching off, validation and the trace.
private struct RuleDriver {
    let disabled: Set<String>
    var context: RuleContext
    let validating: Bool
    private var counts: [String: Int] = [:]

    /// Rounds over all rules; a plan that still changes then stays as it is.
    private static let roundLimit = 32

    init(disabled: Set<String>, context: RuleContext, validating: Bool) {
        self.disabled = disabled
        self.context = context
        self.validating = validating
    }

    var fired: [RuleFiring] {
        PlanRules.names.compactMap { name in counts[name].map { RuleFiring(rule: name, count: $0) } }
    }

    mutating func run(_ root: LogicalNode) -> LogicalNode {
        guard !disabled.contains("all") else { return root }
        var current = root
        for _ in 0..<Self.roundLimit {
            var changed = false
            for rule in PlanRules.table where !disabled.contains(type(of: rule).name) {
                let name = type(of: rule).name
                let before = counts[name] ?? 0
                current = rewrite(current, rule)
                changed = changed || (counts[name] ?? 0) > before
                if validating, (counts[name] ?? 0) > before, let problem = current.problem {
                    preconditionFailure("bug: rule \(name): \(problem)")
                }
            }
            if !changed { break }
        }
        return current
    }

    /// From the leaves up, bodies of arms and tiers included.
    private mutating func rewrite(_ node: LogicalNode, _ rule: any PlanRule) -> LogicalNode {
        let rebuilt = node.mapChildren { rewrite($0, rule) }
        guard let new = rule.apply(rebuilt, &context) else { return rebuilt }
        counts[type(of: rule).name, default: 0] += 1
        return new
    }
}
