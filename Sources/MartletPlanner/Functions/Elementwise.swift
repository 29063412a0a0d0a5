import MartletData

/// Each element of a float32 tensor column.
func elementwise(_ input: FunctionInput, _ name: String, _ rule: (Float) -> Float) throws -> Column {
    let rows = FloatRows(input.columns[0])
    return try tensors(input.rowCount, shape: rows.shape, function: name) { row, result in
        for (index, value) in rows[row].enumerated() { result[index] = rule(value) }
    }
}

/// Two tensor columns of equal shape, or a tensor column and a float column.
func elementwise(_ input: FunctionInput, _ name: String, _ rule: (Float, Float) -> Float) throws -> Column {
    let a = input.columns[0]
    let b = input.columns[1]
    if a.type == .float {
        let rows = FloatRows(b)
        return try tensors(input.rowCount, shape: rows.shape, function: name) { row, result in
            let left = Float(a.float(row))
            for (index, value) in rows[row].enumerated() { result[index] = rule(left, value) }
        }
    }
    let rows = FloatRows(a)
    if b.type == .float {
        return try tensors(input.rowCount, shape: rows.shape, function: name) { row, result in
            let right = Float(b.float(row))
            for (index, value) in rows[row].enumerated() { result[index] = rule(value, right) }
        }
    }
    let others = FloatRows(b)
    guard rows.shape == others.shape else {
        throw EvaluationError(row: 0, .shape(function: name, "shapes differ: \(a.type.text) and \(b.type.text)"))
    }
    return try tensors(input.rowCount, shape: rows.shape, function: name) { row, result in
        let left = rows[row]
        let right = others[row]
        for index in result.indices { result[index] = rule(left[index], right[index]) }
    }
}
