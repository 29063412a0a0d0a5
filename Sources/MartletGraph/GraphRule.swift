/// A rewrite of graphs. Each lives in `Rules/<VerbNoun>.swift`, opens with the identity it proves, and has one line in `graphRules`.
package protocol GraphRule: Sendable {
    /// The name by which `set disable` switches it off, in snake case: `fuse_attention`.
    static var name: String { get }
    /// Rewrites `graph` and returns how often it applied; 0 means that nothing was changed.
    func apply(to graph: inout Graph) throws -> Int
}

/// What the rules did to one graph.
package struct RuleTrace: Sendable {
    package var applications: [(rule: String, count: Int)] = []
    package init() {}

    package mutating func record(_ rule: String, _ count: Int) {
        if let index = applications.firstIndex(where: { $0.rule == rule }) {
            applications[index].count += count
        } else {
            applications.append((rule, count))
        }
    }

    package func count(of rule: String) -> Int { applications.first { $0.rule == rule }?.count ?? 0 }
}

/// Runs `rules` in order, again and again until none applies or `rounds` are over.
///
/// - Parameter disabled: names of rules to leave out; `all` leaves out every one.
package func optimize(
    _ graph: inout Graph, rules: [any GraphRule], disabled: Set<String> = [], rounds: Int = 8, validating: Bool = false
) throws -> RuleTrace {
    var trace = RuleTrace()
    guard !disabled.contains("all") else { return trace }
    for _ in 0..<rounds {
        var changed = false
        for rule in rules {
            let name = type(of: rule).name
            guard !disabled.contains(name) else { continue }
            let count = try rule.apply(to: &graph)
            guard count > 0 else { continue }
            changed = true
            trace.record(name, count)
            if validating, let problem = graph.validate() { preconditionFailure("bug: rule \(name): \(problem)") }
        }
        if !changed { break }
    }
    _ = try graph.optimizeBodies { body in
        let inner = try optimize(&body, rules: rules, disabled: disabled, rounds: rounds, validating: validating)
        for (rule, count) in inner.applications { trace.record(rule, count) }
        return inner.applications.count
    }
    return trace
}
