import MartletData

extension DataType {
    /// As `unified`, but different label sets become one with the members of both: what arms and tiers give together.
    func joined(with other: DataType) -> DataType? {
        if case .labels(let mine) = self, case .labels(let theirs) = other {
            return .labels(mine + theirs.filter { !mine.contains($0) })
        }
        return unified(with: other)
    }

    /// Whether a tensor in it has a dimension without a fixed size. Columns have none: values close them.
    var hasOpenDimension: Bool {
        switch self {
        case .tensor(_, let dims): dims.contains { $0.size == nil }
        case .list(let element): element.hasOpenDimension
        case .structure(let fields): fields.contains { $0.type.hasOpenDimension }
        default: false
        }
    }

    /// This type with open dimensions closed by a value; nil if the value is null, or has none to give.
    func closed(by value: Value) -> DataType? {
        switch (self, value) {
        case (.tensor(let dtype, _), .tensor(let tensor)): return .tensor(dtype, shape: tensor.shape)
        case (.list(let element), .list(let items)):
            for item in items { if let closed = element.closed(by: item) { return .list(closed) } }
            return nil
        case (.structure(let fields), .structure(let parts)) where fields.count == parts.count:
            var result: [Field] = []
            for (field, part) in zip(fields, parts) {
                guard field.type.hasOpenDimension else {
                    result.append(field)
                    continue
                }
                guard let closed = field.type.closed(by: part.value) else { return nil }
                result.append(Field(field.name, closed, nullable: field.nullable))
            }
            return .structure(result)
        default: return hasOpenDimension ? nil : self
        }
    }

    /// Whether `value` can stand in a column of this type, as far as shapes go.
    func fits(_ value: Value) -> Bool {
        switch (self, value) {
        case (.tensor(_, let dims), .tensor(let tensor)):
            dims.count == tensor.rank && zip(dims, tensor.shape).allSatisfy { ($0.size ?? 0) == $1 }
        case (.list(let element), .list(let items)): items.allSatisfy { element.fits($0) }
        case (.structure(let fields), .structure(let parts)): zip(fields, parts).allSatisfy { $0.type.fits($1.value) }
        default: true
        }
    }
}

/// A column of `type`, whose open dimensions the first value closes; a value of another shape is an error of its row.
func column(of values: [Value], type: DataType, function: String) throws -> Column {
    var closed = type
    if type.hasOpenDimension {
        for value in values {
            if let found = type.closed(by: value) {
                closed = found
                break
            }
        }
    }
    for (row, value) in values.enumerated() where !closed.fits(value) {
        throw EvaluationError(row: row, .shape(function: function, "values have tensors of different shapes"))
    }
    return Column(values, type: closed)
}
