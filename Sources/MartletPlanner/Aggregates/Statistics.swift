import MartletData

let statisticAggregates: [Aggregate] = [
    extreme("min", "the least value", "1", sign: -1), extreme("max", "the greatest value", "3", sign: 1),
    spread("stddev", aliases: ["stddev_samp"], "standard deviation of a sample", "1.0", sample: true, root: true),
    spread("stddev_pop", "standard deviation of a population", "0.816496580927726", sample: false, root: true),
    spread("variance", aliases: ["var_samp"], "variance of a sample", "1.0", sample: true, root: false),
    spread("var_pop", "variance of a population", "0.6666666666666666", sample: false, root: false),
    quantile(
        "quantile", aliases: ["quantile_disc"], "the least value with at least that share of values up to it", "2",
        continuous: false),
    quantile("quantile_cont", "the value at that share, between two values if need be", "2.0", continuous: true),
    Aggregate(
        "median", "(x) -> float", doc: "the middle value, between two if need be",
        example: AggregateExample("values (1), (2), (3), (4) as t(a)", "median(a)", gives: "2.5"),
        keepsValues: true,
        resolve: takes([.float], gives: .float),
        makeState: { _, type in GroupedState(Quantile(share: 0.5, continuous: true), type: type) }),
    atExtreme("arg_max", aliases: ["argmax", "max_by"], "value of the first row with the greatest key", "b", sign: 1),
    atExtreme("arg_min", aliases: ["argmin", "min_by"], "value of the first row with the least key", "a", sign: -1),
    Aggregate(
        "list", aliases: ["array_agg"], "(x) -> list", doc: "all values in row order, nulls too",
        example: AggregateExample("values (1), (null) as t(a)", "list(a)", gives: "[1, null]"),
        keepsValues: true,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution(arguments.types, .list(arguments.types[0]))
        }, makeState: { _, type in GroupedState(Collected(), type: type) }),
    Aggregate(
        "first", aliases: ["any_value"], "(x) -> as x", doc: "the first value that is not null",
        example: AggregateExample("values (null), (2), (3) as t(a)", "first(a)", gives: "2"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution(arguments.types, arguments.types[0])
        }, makeState: { _, type in GroupedState(First(), type: type) }),
    Aggregate(
        "mode", "(x) -> as x", doc: "the most frequent value that is not null, the first seen of several",
        example: AggregateExample("values (1), (2), (2) as t(a)", "mode(a)", gives: "2"),
        keepsValues: true,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution(arguments.types, arguments.types[0])
        }, makeState: { _, type in GroupedState(Mode(), type: type) }),
    Aggregate(
        "string_agg", aliases: ["group_concat"], "(text string, separator string) -> string",
        doc: "the texts that are not null in row order, with a separator between",
        example: AggregateExample("values ('a'), ('b') as t(a)", "string_agg(a, ',')", gives: "a,b"),
        keepsValues: true,
        resolve: takes([.string, .string], gives: .string),
        makeState: { _, type in GroupedState(Joined(), type: type) }),
]

private func extreme(_ name: String, _ doc: String, _ result: String, sign: Int) -> Aggregate {
    Aggregate(
        name, "(x) -> as x", doc: doc,
        example: AggregateExample("values (2), (1), (3) as t(a)", "\(name)(a)", gives: result),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            let type = arguments.types[0]
            guard type == .null || type.isOrdered else {
                throw TypeMismatch(argument: 0, "values of type \(type.text) have no order")
            }
            return Resolution([type], type)
        }, makeState: { arguments, type in extremeState(arguments.types[0], type, sign: sign) })
}

private func extremeState(_ argument: DataType, _ type: DataType, sign: Int) -> any AggregateState {
    switch argument {
    case .int, .timestamp: IntExtremeState(isGreatest: sign > 0, type: argument)
    case .float: FloatExtremeState(isGreatest: sign > 0)
    default: GroupedState(Extreme(sign: sign), type: type)
    }
}

private func spread(
    _ name: String, aliases: [String] = [], _ doc: String, _ result: String, sample: Bool, root: Bool
) -> Aggregate {
    Aggregate(
        name, aliases: aliases, "(x float) -> float", doc: doc,
        example: AggregateExample("values (1), (2), (3) as t(a)", "\(name)(a)", gives: result),
        resolve: takes([.float], gives: .float),
        makeState: { _, type in GroupedState(Spread(sample: sample, root: root), type: type) })
}

private func quantile(
    _ name: String, aliases: [String] = [], _ doc: String, _ result: String, continuous: Bool
) -> Aggregate {
    Aggregate(
        name, aliases: aliases, "(x, share float) -> as x", doc: doc,
        example: AggregateExample("values (1), (2), (3) as t(a)", "\(name)(a, 0.5)", gives: result),
        keepsValues: true,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            guard let share = arguments.constants[1].flatMap(number), share >= 0, share <= 1 else {
                throw TypeMismatch(argument: 1, "wants a constant from 0 to 1")
            }
            if continuous {
                guard converts(arguments.types[0], to: .float) else {
                    throw wrongType(0, wanted: .float, got: arguments.types[0])
                }
                return Resolution([.float, .float], .float)
            }
            guard arguments.types[0] == .null || arguments.types[0].isOrdered else {
                throw TypeMismatch(argument: 0, "values of type \(arguments.types[0].text) have no order")
            }
            return Resolution([arguments.types[0], .float], arguments.types[0])
        },
        makeState: { arguments, type in
            GroupedState(
                Quantile(share: arguments.constants[1].flatMap(number) ?? 0.5, continuous: continuous), type: type)
        })
}

private func atExtreme(_ name: String, aliases: [String], _ doc: String, _ result: String, sign: Int) -> Aggregate {
    Aggregate(
        name, aliases: aliases, "(value, key) -> as value", doc: doc,
        example: AggregateExample("values ('a', 1), ('b', 3) as t(a, b)", "\(name)(a, b)", gives: result),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            guard arguments.types[1] == .null || arguments.types[1].isOrdered else {
                throw TypeMismatch(argument: 1, "values of type \(arguments.types[1].text) have no order")
            }
            return Resolution(arguments.types, arguments.types[0])
        }, makeState: { _, type in GroupedState(AtExtreme(sign: sign), type: type) })
}

private struct Extreme: GroupState {
    let sign: Int
    var best = Value.null
    init(sign: Int) { self.sign = sign }
    mutating func add(_ columns: [Column], _ row: Int) { if !columns[0].isNull(row) { take(columns[0].value(row)) } }
    mutating func merge(_ other: Self) { if !other.best.isNull { take(other.best) } }
    private mutating func take(_ value: Value) { if best.isNull || order(value, best) * sign > 0 { best = value } }
    func value() -> Value { best }
}

private struct AtExtreme: GroupState {
    let sign: Int
    var key = Value.null
    var best = Value.null
    init(sign: Int) { self.sign = sign }
    mutating func add(_ columns: [Column], _ row: Int) {
        guard !columns[1].isNull(row), !columns[0].isNull(row) else { return }
        take(columns[0].value(row), columns[1].value(row))
    }
    mutating func merge(_ other: Self) { if !other.key.isNull { take(other.best, other.key) } }
    private mutating func take(_ value: Value, _ newKey: Value) {
        guard key.isNull || order(newKey, key) * sign > 0 else { return }
        key = newKey
        best = value
    }
    func value() -> Value { best }
}

/// Welford's algorithm, and Chan's for merging.
private struct Spread: GroupState {
    let sample: Bool
    let root: Bool
    var count = 0.0
    var mean = 0.0
    var squares = 0.0
    init(sample: Bool, root: Bool) {
        self.sample = sample
        self.root = root
    }
    mutating func add(_ columns: [Column], _ row: Int) {
        guard !columns[0].isNull(row) else { return }
        let x = columns[0].float(row)
        count += 1
        let delta = x - mean
        mean += delta / count
        squares += delta * (x - mean)
    }
    mutating func merge(_ other: Self) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let delta = other.mean - mean
        squares += other.squares + delta * delta * count * other.count / total
        mean += delta * other.count / total
        count = total
    }
    func value() -> Value {
        guard count > (sample ? 1 : 0) else { return .null }
        let variance = squares / (sample ? count - 1 : count)
        return .float(root ? variance.squareRoot() : variance)
    }
}

private struct Quantile: GroupState {
    let share: Double
    let continuous: Bool
    var values: [Value] = []
    init(share: Double, continuous: Bool) {
        self.share = share
        self.continuous = continuous
    }
    mutating func add(_ columns: [Column], _ row: Int) {
        if !columns[0].isNull(row) { values.append(columns[0].value(row)) }
    }
    mutating func merge(_ other: Self) { values += other.values }
    func value() -> Value {
        guard !values.isEmpty else { return .null }
        let sorted = values.sorted { order($0, $1) < 0 }
        guard continuous else {
            // The first place whose rank covers the share: ceil(n × share), at least 1.
            return sorted[max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
        }
        let place = Double(sorted.count - 1) * share
        let low = Int(place)
        guard let a = number(sorted[low]), let b = number(sorted[min(low + 1, sorted.count - 1)]) else { return .null }
        let part = place - Double(low)
        // A value that has no part in it may be infinite.
        return .float(a == b || part == 0 ? a : a * (1 - part) + b * part)
    }
}

private struct Collected: GroupState {
    var values: [Value] = []
    mutating func add(_ columns: [Column], _ row: Int) { values.append(columns[0].value(row)) }
    mutating func merge(_ other: Self) { values += other.values }
    func value() -> Value { values.isEmpty ? .null : .list(values) }
}

private struct First: GroupState {
    var first = Value.null
    mutating func add(_ columns: [Column], _ row: Int) { if first.isNull { first = columns[0].value(row) } }
    mutating func merge(_ other: Self) { if first.isNull { first = other.first } }
    func value() -> Value { first }
}

private struct Mode: GroupState {
    var counts: [Value: Int] = [:]
    var firstSeen: [Value] = []
    mutating func add(_ columns: [Column], _ row: Int) {
        if !columns[0].isNull(row) { count(columns[0].value(row), 1) }
    }
    mutating func merge(_ other: Self) { for value in other.firstSeen { count(value, other.counts[value] ?? 0) } }
    private mutating func count(_ value: Value, _ times: Int) {
        if counts[value] == nil { firstSeen.append(value) }
        counts[value, default: 0] += times
    }
    func value() -> Value {
        var best: (value: Value, count: Int)?
        for value in firstSeen {
            let count = counts[value] ?? 0
            if count > best?.count ?? 0 { best = (value, count) }
        }
        return best?.value ?? .null
    }
}

private struct Joined: GroupState {
    var text: String?
    var separator = ""
    mutating func add(_ columns: [Column], _ row: Int) {
        guard !columns[0].isNull(row) else { return }
        separator = columns[1].isNull(row) ? "" : columns[1].string(row)
        text = text.map { $0 + separator + columns[0].string(row) } ?? columns[0].string(row)
    }
    mutating func merge(_ other: Self) {
        guard let theirs = other.text else { return }
        text = text.map { $0 + other.separator + theirs } ?? theirs
        separator = other.separator
    }
    func value() -> Value { text.map { .string($0) } ?? .null }
}
