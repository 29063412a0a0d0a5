import MartletData

// States of the aggregates that most queries use, an array per field with an element for each group.

/// Rows, or rows that are not null.
struct CountState: AggregateState {
    private var counts: [Int64] = []

    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) {
        growArray(&counts, to: groupCount, with: 0)
        counts.withUnsafeMutableBufferPointer { counts in
            guard let column = columns.first, !column.hasNoNulls else {
                for group in groups { counts[group] += 1 }
                return
            }
            for (row, group) in groups.enumerated() where !column.isNull(row) { counts[group] += 1 }
        }
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        growArray(&counts, to: groupCount, with: 0)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.counts.count {
            counts[to] += other.counts[from]
        }
    }

    func finish(groupCount: Int) -> Column {
        var result = counts
        growArray(&result, to: groupCount, with: 0)
        return Column(ints: result)
    }
}

/// Sums or means of ints. Wide enough that the order of additions cannot make a sum overflow that fits in the end.
struct IntSumState: AggregateState {
    private let isMean: Bool
    private var sums: [Int128] = []
    private var counts: [Int] = []

    init(isMean: Bool) { self.isMean = isMean }

    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) {
        grow(to: groupCount)
        let column = columns[0]
        guard column.type != .null else { return }
        column.withInts { values in
            sums.withUnsafeMutableBufferPointer { sums in
                counts.withUnsafeMutableBufferPointer { counts in
                    column.forEachValue { row in
                        sums[groups[row]] &+= Int128(values[row])
                        counts[groups[row]] &+= 1
                    }
                }
            }
        }
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        grow(to: groupCount)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.sums.count {
            sums[to] &+= other.sums[from]
            counts[to] += other.counts[from]
        }
    }

    func finish(groupCount: Int) throws -> Column {
        let validity = validity(of: counts.map { $0 > 0 }, groupCount)
        if isMean {
            var result = [Double](repeating: 0, count: groupCount)
            for (group, count) in counts.enumerated() where group < groupCount && count > 0 {
                result[group] = Double(sums[group]) / Double(count)
            }
            return Column(floats: result, validity: validity)
        }
        var result = [Int64](repeating: 0, count: groupCount)
        for (group, sum) in sums.enumerated() where group < groupCount {
            guard let value = Int64(exactly: sum) else { throw EvaluationError(row: 0, .overflow("sum = \(sum)")) }
            result[group] = value
        }
        return Column(ints: result, validity: validity)
    }

    private mutating func grow(to count: Int) {
        growArray(&sums, to: count, with: 0)
        growArray(&counts, to: count, with: 0)
    }
}

/// Sums or means of floats.
struct FloatSumState: AggregateState {
    private let isMean: Bool
    private var sums: [CompensatedSum] = []
    private var counts: [Int] = []

    init(isMean: Bool) { self.isMean = isMean }

    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) {
        grow(to: groupCount)
        let column = columns[0]
        guard column.type != .null else { return }
        column.withFloats { values in
            sums.withUnsafeMutableBufferPointer { sums in
                counts.withUnsafeMutableBufferPointer { counts in
                    column.forEachValue { row in
                        sums[groups[row]].add(values[row])
                        counts[groups[row]] &+= 1
                    }
                }
            }
        }
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        grow(to: groupCount)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.sums.count {
            sums[to].merge(other.sums[from])
            counts[to] += other.counts[from]
        }
    }

    func finish(groupCount: Int) -> Column {
        var result = [Double](repeating: 0, count: groupCount)
        var seen = [Bool](repeating: false, count: groupCount)
        for (group, count) in counts.enumerated() where group < groupCount && count > 0 {
            result[group] = isMean ? sums[group].value / Double(count) : sums[group].value
            seen[group] = true
        }
        return Column(floats: result, validity: validity(of: seen, groupCount))
    }

    private mutating func grow(to count: Int) {
        growArray(&sums, to: count, with: CompensatedSum())
        growArray(&counts, to: count, with: 0)
    }
}

/// Least or greatest ints.
struct IntExtremeState: AggregateState {
    private let isGreatest: Bool
    private let type: DataType
    private var best: [Int64] = []
    private var seen: [Bool] = []

    /// `type` is int or timestamp.
    init(isGreatest: Bool, type: DataType) {
        self.isGreatest = isGreatest
        self.type = type
    }

    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) {
        grow(to: groupCount)
        let column = columns[0]
        guard column.type != .null else { return }
        let isGreatest = isGreatest
        column.withInts { values in
            best.withUnsafeMutableBufferPointer { best in
                seen.withUnsafeMutableBufferPointer { seen in
                    column.forEachValue { row in
                        let group = groups[row]
                        let value = values[row]
                        if !seen[group] || (isGreatest ? value > best[group] : value < best[group]) {
                            best[group] = value
                            seen[group] = true
                        }
                    }
                }
            }
        }
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        grow(to: groupCount)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.best.count && other.seen[from] {
            let value = other.best[from]
            if !seen[to] || (isGreatest ? value > best[to] : value < best[to]) {
                best[to] = value
                seen[to] = true
            }
        }
    }

    func finish(groupCount: Int) -> Column {
        var result = best
        growArray(&result, to: groupCount, with: 0)
        return Column(ints: result, validity: validity(of: seen, groupCount)).retyped(type)
    }

    private mutating func grow(to count: Int) {
        growArray(&best, to: count, with: 0)
        growArray(&seen, to: count, with: false)
    }
}

/// Least or greatest floats; NaN is greater than every other.
struct FloatExtremeState: AggregateState {
    private let isGreatest: Bool
    private var best: [Double] = []
    private var seen: [Bool] = []

    init(isGreatest: Bool) { self.isGreatest = isGreatest }

    mutating func update(_ columns: [Column], groups: [Int], groupCount: Int) {
        grow(to: groupCount)
        let column = columns[0]
        guard column.type != .null else { return }
        let isGreatest = isGreatest
        column.withFloats { values in
            best.withUnsafeMutableBufferPointer { best in
                seen.withUnsafeMutableBufferPointer { seen in
                    column.forEachValue { row in
                        let group = groups[row]
                        let value = values[row]
                        if !seen[group] || Self.beats(value, best[group], isGreatest) {
                            best[group] = value
                            seen[group] = true
                        }
                    }
                }
            }
        }
    }

    mutating func merge(_ other: any AggregateState, mapping: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("bug: states of two aggregates merged") }
        grow(to: groupCount)
        for (from, to) in mapping.enumerated() where to >= 0 && from < other.best.count && other.seen[from] {
            if !seen[to] || Self.beats(other.best[from], best[to], isGreatest) {
                best[to] = other.best[from]
                seen[to] = true
            }
        }
    }

    @inline(__always)
    private static func beats(_ value: Double, _ best: Double, _ isGreatest: Bool) -> Bool {
        isGreatest ? order(value, best) > 0 : order(value, best) < 0
    }

    func finish(groupCount: Int) -> Column {
        var result = best
        growArray(&result, to: groupCount, with: 0)
        return Column(floats: result, validity: validity(of: seen, groupCount))
    }

    private mutating func grow(to count: Int) {
        growArray(&best, to: count, with: 0)
        growArray(&seen, to: count, with: false)
    }
}

@inline(__always)
private func growArray<T>(_ array: inout [T], to count: Int, with value: T) {
    if array.count < count { array.append(contentsOf: repeatElement(value, count: count - array.count)) }
}

/// nil if every group has seen a value.
private func validity(of seen: [Bool], _ groupCount: Int) -> Bitmap? {
    var bits = Bitmap(seen.prefix(groupCount))
    bits.append(repeating: false, count: groupCount - bits.count)
    return bits.nilIfFull
}

extension Column {
    /// Each row that is not null, rising.
    @inline(__always)
    func forEachValue(_ body: (Int) -> Void) {
        if hasNoNulls {
            for row in 0..<count { body(row) }
        } else {
            for row in 0..<count where !isNull(row) { body(row) }
        }
    }
}
