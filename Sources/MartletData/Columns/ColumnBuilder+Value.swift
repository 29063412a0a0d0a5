import MartletTensor

extension ColumnBuilder {
    /// One cell, whose type is the builder's or widens to it.
    package mutating func append(_ value: Value) {
        switch value {
        case .null: appendNull()
        case .bool(let x): append(bool: x)
        case .int(let x), .timestamp(let x): append(int: x)
        case .float(let x): append(float: x)
        case .string(let x): append(string: x)
        case .bytes(let x): x.withUnsafeBufferPointer { append(utf8: $0) }
        case .list(let values):
            guard case .list = type else { preconditionFailure("bug: list into \(type.text)") }
            for value in values { children[0].append(value) }
            closeList()
        case .structure(let fields):
            guard case .structure = type, fields.count == children.count else {
                preconditionFailure("bug: struct into \(type.text)")
            }
            for (position, field) in fields.enumerated() { children[position].append(field.value) }
            closeStruct()
        case .tensor(let tensor):
            append(tensor: tensor)
        }
    }

    /// Row `row` of `column`, whose type is the builder's or widens to it.
    package mutating func append(row: Int, of column: Column) {
        append(rowsOf: column.slice(row..<row + 1))
    }
}
