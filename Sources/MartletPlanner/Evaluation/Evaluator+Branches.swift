import MartletData

extension Evaluator {
    /// `and` stops at false, `or` at true; a null in the way makes the result null unless a stop comes later.
    func junction(_ parts: [BoundExpr], stoppingAt stop: Bool, _ columns: [Column], rowCount: Int) throws -> Column {
        var values = [Bool](repeating: !stop, count: rowCount)
        var validity = Bitmap(repeating: true, count: rowCount)
        var hasNulls = false
        var open = Array(0..<rowCount)
        for part in parts where !open.isEmpty {
            let column = try evaluate(part, columns, rows: open, of: rowCount)
            var next: [Int] = []
            next.reserveCapacity(open.count)
            if column.hasNoNulls {
                column.withBools { bits in
                    for (position, row) in open.enumerated() {
                        if bits[position] == stop {
                            values[row] = stop
                            if hasNulls { validity[row] = true }
                        } else {
                            next.append(row)
                        }
                    }
                }
                open = next
                continue
            }
            for (position, row) in open.enumerated() {
                if column.isNull(position) {
                    validity[row] = false
                    hasNulls = true
                    next.append(row)
                } else if column.bool(position) == stop {
                    values[row] = stop
                    validity[row] = true
                } else {
                    next.append(row)
                }
            }
            open = next
        }
        return Column(bools: values, validity: hasNulls ? validity : nil)
    }

    func conditional(
        _ arms: [ConditionalArm], _ otherwise: BoundExpr?, _ type: DataType, _ columns: [Column], rowCount: Int
    ) throws -> Column {
        var open = Array(0..<rowCount)
        var taken: [(rows: [Int], column: Column)] = []
        for arm in arms where !open.isEmpty {
            let condition = try evaluate(arm.condition, columns, rows: open, of: rowCount)
            var matching: [Int] = []
            var rest: [Int] = []
            for (position, row) in open.enumerated() {
                if !condition.isNull(position), condition.bool(position) {
                    matching.append(row)
                } else {
                    rest.append(row)
                }
            }
            open = rest
            if !matching.isEmpty {
                taken.append((matching, try evaluate(arm.result, columns, rows: matching, of: rowCount)))
            }
        }
        if let otherwise, !open.isEmpty {
            taken.append((open, try evaluate(otherwise, columns, rows: open, of: rowCount)))
        }
        return try merge(taken, type: type, rowCount: rowCount)
    }

    func coalesce(_ parts: [BoundExpr], _ type: DataType, _ columns: [Column], rowCount: Int) throws -> Column {
        var open = Array(0..<rowCount)
        var taken: [(rows: [Int], column: Column)] = []
        for part in parts where !open.isEmpty {
            let column = try evaluate(part, columns, rows: open, of: rowCount)
            guard column.type != .null else { continue }
            if column.hasNoNulls, open.count == rowCount { return column }
            var rows: [Int] = []
            var rest: [Int] = []
            var positions: [Int] = []
            for (position, row) in open.enumerated() {
                if column.isNull(position) {
                    rest.append(row)
                } else {
                    rows.append(row)
                    positions.append(position)
                }
            }
            open = rest
            if !rows.isEmpty { taken.append((rows, column.gather(positions))) }
        }
        return try merge(taken, type: type, rowCount: rowCount)
    }

    /// Puts the parts of a column together; rows in no part are null.
    private func merge(_ parts: [(rows: [Int], column: Column)], type: DataType, rowCount: Int) throws
        -> Column
    {
        let filled = parts.filter { $0.column.type != .null && $0.column.nullCount < $0.column.count }
        guard let first = filled.first else { return .nulls(type, count: rowCount) }
        if filled.count == 1, first.rows.count == rowCount { return first.column }
        // Open dimensions are closed by the values; only tensors themselves may differ in shape.
        let closed = filled.dropFirst().allSatisfy { $0.column.type == first.column.type } ? first.column.type : type
        var isTensor = false
        if case .tensor = closed { isTensor = true }
        guard isTensor || !closed.hasOpenDimension else {
            throw EvaluationError(
                row: filled[1].rows[0], .shape(function: "case", "rows have tensors of different shapes"))
        }
        var indices = [Int](repeating: -1, count: rowCount)
        var base = 0
        for part in filled {
            for (position, row) in part.rows.enumerated() { indices[row] = base + position }
            base += part.column.count
        }
        return Column.concat(filled.map(\.column), type: closed).gather(indices)
    }

    func membership(
        _ value: BoundExpr, _ items: [BoundExpr], negated: Bool, _ columns: [Column], rowCount: Int
    ) throws -> Column {
        let column = try evaluate(value, columns, rowCount: rowCount)
        if column.type == .null { return .nulls(.bool, count: rowCount) }
        var found = [Bool](repeating: false, count: rowCount)
        var unsure = Bitmap(repeating: false, count: rowCount)
        if items.allSatisfy(\.isConstant) {
            let values = items.compactMap(\.constantValue)
            let known = Set(values.filter { !$0.isNull })
            let hasNull = values.contains { $0.isNull }
            for row in 0..<rowCount where !column.isNull(row) {
                found[row] = known.contains(column.value(row))
                if hasNull, !found[row] { unsure[row] = true }
            }
        } else {
            for item in items {
                let other = try evaluate(item, columns, rowCount: rowCount)
                let same = RowEquality(column, other)
                for row in 0..<rowCount where !found[row] && !column.isNull(row) {
                    if other.isNull(row) { unsure[row] = true } else if same.areEqual(row) { found[row] = true }
                }
            }
        }
        var validity = Bitmap(repeating: true, count: rowCount)
        for row in 0..<rowCount where column.isNull(row) || (unsure[row] && !found[row]) { validity[row] = false }
        return Column(bools: found.map { $0 != negated }, validity: validity)
    }

    /// Rows of lists, or of tensors, made of one column per item.
    func list(_ items: [Column], type: DataType, rowCount: Int) throws -> Column {
        var type = type
        if case .list = type, type.hasOpenDimension, let first = items.first?.type {
            guard items.allSatisfy({ $0.type == first }) else {
                throw EvaluationError(row: 0, .shape(function: "list", "items have tensors of different shapes"))
            }
            type = .list(first)
        }
        var builder = ColumnBuilder(type)
        if case .tensor(let dtype, let dims) = type {
            guard dtype == .float32, dims.count == 1 else { preconditionFailure("bug: literal of \(type.text)") }
            var values = [Float](repeating: 0, count: items.count)
            for row in 0..<rowCount {
                if items.contains(where: { $0.isNull(row) }) {
                    builder.appendNull()
                    continue
                }
                for (position, item) in items.enumerated() { values[position] = Float(item.float(row)) }
                values.withUnsafeBytes { builder.append(tensorBytes: $0) }
            }
            return builder.finish()
        }
        for row in 0..<rowCount {
            for item in items { builder.children[0].append(row: row, of: item) }
            builder.closeList()
        }
        return builder.finish()
    }
}

/// Equality of the rows of two columns of one type, by which rows group: null equals null, NaN equals NaN.
struct RowEquality {
    private let a: Column
    private let b: Column

    init(_ a: Column, _ b: Column) {
        self.a = a
        self.b = b
    }

    func areEqual(_ row: Int) -> Bool {
        let nullA = a.isNull(row)
        let nullB = b.isNull(row)
        guard !nullA, !nullB else { return nullA && nullB }
        if case .bytes = a.storage, case .bytes = b.storage {
            return a.withStrings { x in b.withStrings { y in x[row].elementsEqual(y[row]) } }
        }
        return a.value(row) == b.value(row)
    }
}
