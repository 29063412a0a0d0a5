import MartletData

/// An entry of the aggregate table. State per group lives in an `AggregateState`, which is updated morsel by morsel;
/// states of consecutive morsels merge in order, so results do not depend on threads.
package struct Aggregate: Sendable {
    package let name: String
    package let aliases: [String]
    package let signature: String
    package let doc: String
    package let example: AggregateExample
    /// Whether a state holds the values of its group, so that it grows with the rows.
    package let keepsValues: Bool
    package let resolve: @Sendable (FunctionArguments) throws(TypeMismatch) -> Resolution
    /// A state without groups. Gets the types that the arguments resolved to, and the values of constant arguments.
    package let makeState: @Sendable (FunctionArguments, _ result: DataType) -> any AggregateState

    package init(
        _ name: String, aliases: [String] = [], _ signature: String, doc: String, example: AggregateExample,
        keepsValues: Bool = false,
        resolve: @escaping @Sendable (FunctionArguments) throws(TypeMismatch) -> Resolution,
        makeState: @escaping @Sendable (FunctionArguments, _ result: DataType) -> any AggregateState
    ) {
        self.name = name
        self.aliases = aliases
        self.signature = signature
        self.doc = doc
        self.example = example
        self.keepsValues = keepsValues
        self.resolve = resolve
        self.makeState = makeState
    }
}

extension Aggregate: Hashable {
    package static func == (left: Aggregate, right: Aggregate) -> Bool { left.name == right.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// `aggregate expression` over `from <relation>` and its value as text.
package struct AggregateExample: Sendable {
    package let relation: String
    package let expression: String
    package let result: String

    package init(_ relation: String, _ expression: String, gives result: String) {
        self.relation = relation
        self.expression = expression
        self.result = result
    }
}

/// What an aggregate has seen so far, for each group.
package protocol AggregateState: Sendable {
    /// Adds rows: row `i` belongs to group `groups[i]`. `groupCount` is over all group ids so far; ids start at 0.
    /// `columns` are the arguments, all of `groups.count` rows.
    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) throws
    /// Adds what `other` has seen, all of it after this state's rows. Its group `i` is group `mapping[i]` here; it is left out
    /// where that is -1.
    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) throws
    /// One row per group.
    func finish(groupCount: Int) throws -> Column
}
