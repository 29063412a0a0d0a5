import MartletData

/// Computes bound expressions over columns, a column at a time.
///
/// `and`, `or`, `case`, `coalesce` and `??` evaluate each part only on the rows that need it, so an error in a branch that
/// no row takes does not happen. Errors are `EvaluationError`s whose row counts within the rows given here.
package struct Evaluator: Sendable {
    /// Answers `token_count`: one int per row of a string column without nulls.
    package typealias TokenCounter = @Sendable (BoundModel, Column) throws -> Column

    private let places: [ColumnID: Int]
    private let tokenCounter: TokenCounter?

    /// For rows whose columns are `columns`, in that order.
    package init(columns: [PlanColumn], tokenCounter: TokenCounter? = nil) {
        var places: [ColumnID: Int] = [:]
        for (place, column) in columns.enumerated() { places[column.id] = place }
        self.places = places
        self.tokenCounter = tokenCounter
    }

    /// The expression's column of `rowCount` rows; its type is `expr.type` with open dimensions closed.
    package func evaluate(_ expr: BoundExpr, _ columns: [Column], rowCount: Int) throws -> Column {
        switch expr {
        case .constant(let value, let type):
            return Column.constant(value, type: type, count: rowCount)
        case .column(let id, _):
            guard let place = places[id] else { preconditionFailure("bug: column #\(id.number) is not here") }
            return columns[place]
        case .parameter(let name, _):
            guard rowCount > 0 else { return .empty(expr.type) }
            throw EvaluationError(row: 0, .parameter(name))
        case .call(let call):
            let arguments = try call.arguments.map { try evaluate($0, columns, rowCount: rowCount) }
            return try apply(call, to: arguments, rowCount: rowCount)
        case .and(let parts): return try junction(parts, stoppingAt: false, columns, rowCount: rowCount)
        case .or(let parts): return try junction(parts, stoppingAt: true, columns, rowCount: rowCount)
        case .conditional(let arms, let otherwise, let type):
            return try conditional(arms, otherwise, type, columns, rowCount: rowCount)
        case .coalesce(let parts, let type): return try coalesce(parts, type, columns, rowCount: rowCount)
        case .isNull(let value, let negated):
            let column = try evaluate(value, columns, rowCount: rowCount)
            return Column(bools: (0..<rowCount).map { column.isNull($0) != negated })
        case .isDistinct(let left, let right, let negated):
            let a = try evaluate(left, columns, rowCount: rowCount)
            let b = try evaluate(right, columns, rowCount: rowCount)
            let same = RowEquality(a, b)
            return Column(bools: (0..<rowCount).map { same.areEqual($0) == negated })
        case .isIn(let value, let items, let negated):
            return try membership(value, items, negated: negated, columns, rowCount: rowCount)
        case .cast(let value, let type, let isTry):
            return try castColumn(try evaluate(value, columns, rowCount: rowCount), to: type, isTry: isTry)
        case .field(let value, let position, let type):
            let whole = try evaluate(value, columns, rowCount: rowCount)
            guard whole.type != .null else { return .nulls(type, count: rowCount) }
            let part = whole.child(position)
            guard let validity = whole.validityOfRows else { return part }
            return part.masked(by: validity)
        case .structure(let parts, let type):
            guard case .structure(let fields) = type else { preconditionFailure("bug: struct of \(type.text)") }
            return Column(
                fields: fields, children: try parts.map { try evaluate($0, columns, rowCount: rowCount) },
                count: rowCount)
        case .list(let items, let type):
            return try list(
                try items.map { try evaluate($0, columns, rowCount: rowCount) }, type: type, rowCount: rowCount)
        case .tokenCount(let model, let value):
            return try tokenCount(model, try evaluate(value, columns, rowCount: rowCount))
        }
    }

    /// One bit per row: whether `predicate` is true there. Null counts as false.
    package func select(_ predicate: BoundExpr, _ columns: [Column], rowCount: Int) throws -> Bitmap {
        let column = try evaluate(predicate, columns, rowCount: rowCount)
        guard column.type == .bool else { return Bitmap(repeating: false, count: rowCount) }
        let selection = column.withBools { Bitmap($0) }
        return column.validityOfRows?.intersection(selection) ?? selection
    }

    /// Evaluates on the rows `indices` only; an error's row is one of all rows.
    package func evaluate(
        _ expr: BoundExpr, _ columns: [Column], rows indices: [Int], of rowCount: Int
    ) throws -> Column {
        if indices.count == rowCount { return try evaluate(expr, columns, rowCount: rowCount) }
        var selected = columns
        for id in expr.columns {
            guard let place = places[id] else { preconditionFailure("bug: column #\(id.number) is not here") }
            selected[place] = columns[place].gather(indices)
        }
        do { return try evaluate(expr, selected, rowCount: indices.count) } catch var error as EvaluationError {
            if error.row < indices.count { error.row = indices[error.row] }
            throw error
        }
    }

    private func apply(_ call: FunctionCall, to arguments: [Column], rowCount: Int) throws -> Column {
        if arguments.contains(where: \.hasOwnShapes) {
            return try applyByShape(call, to: arguments, rowCount: rowCount)
        }
        let input = FunctionInput(columns: arguments, rowCount: rowCount, type: call.type)
        guard call.function.isStrict, !arguments.allSatisfy(\.hasNoNulls) else {
            return try call.function.evaluate(input)
        }
        if arguments.contains(where: { $0.type == .null }) { return .nulls(call.type, count: rowCount) }
        if call.function.runsOverNulls(arguments.map(\.type)) {
            let result = try call.function.evaluate(input)
            return arguments.compactMap(\.validityOfRows).reduce(result) { $0.masked(by: $1) }
        }
        var rows: [Int] = []
        rows.reserveCapacity(rowCount)
        for row in 0..<rowCount where arguments.allSatisfy({ !$0.isNull(row) }) { rows.append(row) }
        if rows.count == rowCount { return try call.function.evaluate(input) }
        if rows.isEmpty { return .nulls(call.type, count: rowCount) }
        do {
            let result = try call.function.evaluate(
                FunctionInput(columns: arguments.map { $0.gather(rows) }, rowCount: rows.count, type: call.type))
            return scatter(result, to: rows, of: rowCount)
        } catch var error as EvaluationError {
            if error.row < rows.count { error.row = rows[error.row] }
            throw error
        }
    }

    /// Rows of one shape at a time.
    private func applyByShape(_ call: FunctionCall, to arguments: [Column], rowCount: Int) throws -> Column {
        var indices = [Int](repeating: 0, count: rowCount)
        var parts: [Column] = []
        var done = 0
        for rows in rowsByShape(arguments, rowCount: rowCount) {
            do {
                parts.append(try apply(call, to: arguments.map { $0.gather(rows) }, rowCount: rows.count))
            } catch var error as EvaluationError {
                if error.row >= 0, error.row < rows.count { error.row = rows[error.row] }
                throw error
            }
            for (position, row) in rows.enumerated() { indices[row] = done + position }
            done += rows.count
        }
        return Column.concat(parts, type: call.type).gather(indices)
    }

    private func tokenCount(_ model: BoundModel, _ texts: Column) throws -> Column {
        guard let tokenCounter else { throw EvaluationError(row: 0, .needsModel("token_count(\(model.name), …)")) }
        let rows = (0..<texts.count).filter { !texts.isNull($0) }
        if rows.count == texts.count { return try tokenCounter(model, texts) }
        return scatter(try tokenCounter(model, texts.gather(rows)), to: rows, of: texts.count)
    }
}

/// Rows grouped by the shapes that tensor columns have there, in first-seen order.
package func rowsByShape(_ columns: [Column], rowCount: Int) -> [[Int]] {
    let shaped = columns.filter(\.hasOwnShapes)
    guard !shaped.isEmpty, rowCount > 0 else { return [Array(0..<rowCount)] }
    var groups: [[[Int]?]: Int] = [:]
    var rows: [[Int]] = []
    for row in 0..<rowCount {
        let key = shaped.map { $0.isNull(row) ? nil : $0.rowTensor(row).shape }
        if let group = groups[key] {
            rows[group].append(row)
        } else {
            groups[key] = rows.count
            rows.append([row])
        }
    }
    return rows
}

/// A column of `rowCount` rows whose row `rows[i]` is `column`'s row `i`; the others are null.
func scatter(_ column: Column, to rows: [Int], of rowCount: Int) -> Column {
    var indices = [Int](repeating: -1, count: rowCount)
    for (position, row) in rows.enumerated() { indices[row] = position }
    return column.gather(indices)
}
