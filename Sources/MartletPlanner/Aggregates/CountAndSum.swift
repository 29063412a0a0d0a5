import MartletData

let countAggregates: [Aggregate] = [
    Aggregate(
        "count", "([x]) -> int", doc: "number of rows, or of rows where x is not null",
        example: AggregateExample("values (1), (null) as t(a)", "count(a)", gives: "1"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 0...1)
            return Resolution(arguments.types, .int)
        }, makeState: { _, _ in CountState() }),
    Aggregate(
        "count_if", aliases: ["countif"], "(condition bool) -> int",
        doc: "number of rows for which the condition is true",
        example: AggregateExample("values (1), (2) as t(a)", "count_if(a > 1)", gives: "1"),
        resolve: takes([.bool], gives: .int), makeState: { _, type in GroupedState(CountIf(), type: type) }),
    Aggregate(
        "count_distinct", "(x) -> int", doc: "number of different values that are not null",
        example: AggregateExample("values (1), (1), (null) as t(a)", "count_distinct(a)", gives: "1"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution(arguments.types, .int)
        }, makeState: { _, type in GroupedState(CountDistinct(), type: type) }),
    Aggregate(
        "sum", "(x) -> as x", doc: "sum of the values that are not null; null if there are none",
        example: AggregateExample("values (1), (2) as t(a)", "sum(a)", gives: "3"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            let type = arguments.types[0]
            if case .tensor = type { return Resolution([try wantTensor(arguments, 0)], try wantTensor(arguments, 0)) }
            guard type == .null || type.isNumeric else {
                throw TypeMismatch(
                    argument: 0, "wants a number or a tensor, got \(type.text)",
                    help: type == .bool ? "`count_if(…)` counts rows for which a condition is true" : nil,
                    wanted: .float)
            }
            return Resolution([type], type)
        }, makeState: { arguments, type in sumState(arguments.types[0], type, isMean: false) }),
    Aggregate(
        "avg", aliases: ["mean"], "(x) -> float", doc: "mean of the values that are not null; of vectors the centroid",
        example: AggregateExample("values (1), (2) as t(a)", "avg(a)", gives: "1.5"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            if case .tensor = arguments.types[0] {
                let type = try wantTensor(arguments, 0)
                return Resolution([type], type)
            }
            guard converts(arguments.types[0], to: .float) else {
                throw wrongType(0, wanted: .float, got: arguments.types[0])
            }
            return Resolution([arguments.types[0] == .int ? .int : .float], .float)
        }, makeState: { arguments, type in sumState(arguments.types[0], type, isMean: true) }),
]

private func sumState(_ argument: DataType, _ type: DataType, isMean: Bool) -> any AggregateState {
    switch argument {
    case .int: IntSumState(isMean: isMean)
    case .null: GroupedState(NothingSeen(), type: type)
    case .tensor: GroupedState(TensorSum(isMean: isMean), type: type)
    default: FloatSumState(isMean: isMean)
    }
}

private struct CountIf: GroupState {
    var count: Int64 = 0
    mutating func add(_ columns: [Column], _ row: Int) {
        if !columns[0].isNull(row), columns[0].bool(row) { count += 1 }
    }
    mutating func merge(_ other: Self) { count += other.count }
    func value() -> Value { .int(count) }
}

private struct CountDistinct: GroupState {
    var seen: Set<Value> = []
    mutating func add(_ columns: [Column], _ row: Int) {
        if !columns[0].isNull(row) { seen.insert(columns[0].value(row)) }
    }
    mutating func merge(_ other: Self) { seen.formUnion(other.seen) }
    func value() -> Value { .int(Int64(seen.count)) }
}

/// Of values that are all null.
private struct NothingSeen: GroupState {
    mutating func add(_ columns: [Column], _ row: Int) {}
    mutating func merge(_ other: Self) {}
    func value() -> Value { .null }
}

private struct TensorSum: GroupState {
    let isMean: Bool
    var shape: [Int] = []
    var sums: [Double] = []
    var count = 0
    init(isMean: Bool) { self.isMean = isMean }
    mutating func add(_ columns: [Column], _ row: Int) throws {
        guard !columns[0].isNull(row) else { return }
        let rows = FloatRows(columns[0].slice(row..<row + 1))
        try combine(rows.shape, rows[0].map { Double($0) }, 1)
    }
    mutating func merge(_ other: Self) throws {
        if other.count > 0 { try combine(other.shape, other.sums, other.count) }
    }
    private mutating func combine(_ otherShape: [Int], _ values: [Double], _ otherCount: Int) throws {
        if count == 0 {
            shape = otherShape
            sums = values
        } else {
            guard shape == otherShape else {
                throw EvaluationError(row: 0, .shape(function: "avg", "shapes differ: \(shape) and \(otherShape)"))
            }
            for index in sums.indices { sums[index] += values[index] }
        }
        count += otherCount
    }
    func value() -> Value {
        guard count > 0 else { return .null }
        let divisor = isMean ? Double(count) : 1
        return .tensor(Tensor(sums.map { Float($0 / divisor) }, shape: shape))
    }
}
