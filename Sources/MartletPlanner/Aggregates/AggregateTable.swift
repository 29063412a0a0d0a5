import MartletSupport

/// Every aggregate, in the order in which `show functions` lists them. A name may be a function's too: inside `aggregate`
/// (and outside of another aggregate) the aggregate is meant.
package enum AggregateTable {
    package static let all = NameTable(countAggregates + statisticAggregates + evaluationAggregates) {
        [$0.name] + $0.aliases
    }

    /// The aggregate of a name in any case.
    package static func aggregate(_ name: String) -> Aggregate? { all[name.lowercased()] }
}
