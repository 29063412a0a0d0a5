import MartletData

/// The state of one group, of which `GroupedState` makes an `AggregateState`.
protocol GroupState: Sendable {
    mutating func add(_ columns: [Column], _ row: Int) throws
    /// `other` has seen later rows.
    mutating func merge(_ other: Self) throws
    func value() throws -> Value
}

/// One `GroupState` per group.
struct GroupedState<Group: GroupState>: AggregateState {
    private let empty: Group
    private let type: DataType
    private var groups: [Group] = []
    /// Adds rows to their groups.
    private let add: @Sendable (inout [Group], _ columns: [Column], _ ids: [Int]) throws -> Void

    /// Inlined, so that the loop over rows is compiled for the kind of state: behind `any AggregateState` it would not be.
    @inline(__always)
    init(_ empty: Group, type: DataType) {
        self.empty = empty
        self.type = type
        add = { groups, columns, ids in
            for (row, id) in ids.enumerated() {
                do { try groups[id].add(columns, row) } catch let error as AggregateOverflow {
                    throw EvaluationError(row: row, .overflow(error.operation))
                }
            }
        }
    }

    private mutating func grow(to count: Int) {
        while groups.count < count { groups.append(empty) }
    }

    mutating func update(_ columns: [Column], groups ids: [Int], groupCount: Int) throws {
        grow(to: groupCount)
        try add(&groups, columns, ids)
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) throws {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        grow(to: groupCount)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.groups.count {
            do { try groups[to].merge(other.groups[from]) } catch let error as AggregateOverflow {
                throw EvaluationError(row: 0, .overflow(error.operation))
            }
        }
    }

    func finish(groupCount: Int) throws -> Column {
        let values = try (0..<groupCount).map { try ($0 < groups.count ? groups[$0] : empty).value() }
        return try column(of: values, type: type, function: "aggregate")
    }
}

struct AggregateOverflow: Error {
    let operation: String
}

/// A sum of doubles that loses next to nothing to rounding (Neumaier's variant of Kahan summation), so that how rows were
/// cut into morsels does not show.
struct CompensatedSum: Sendable {
    private var sum = 0.0
    private var lost = 0.0

    mutating func add(_ value: Double) {
        let next = sum + value
        if next.isFinite { lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum }
        sum = next
    }

    mutating func merge(_ other: CompensatedSum) {
        add(other.sum)
        lost += other.lost
    }

    var value: Double { sum.isFinite ? sum + lost : sum }
}
