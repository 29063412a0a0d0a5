import MartletData

/// What can be cast to what; `true` for an equal type. Whether a single value can be is another matter.
///
/// bool → int float string; int → bool float string; float → bool int string; string → bool int float timestamp bytes;
/// bytes → string (valid UTF-8); timestamp → string; label set → as string. list(A) → list(B) where A → B; list of
/// numbers (nested for more dimensions) ↔ tensor; tensor → tensor of another dtype or matching dimensions; struct → struct
/// of as many fields where each casts; anything → string. null → anything.
package func canCast(_ from: DataType, to: DataType) -> Bool {
    switch (from, to) {
    case _ where from == to: true
    case (.null, _), (_, .string): true
    case (.bool, .int), (.bool, .float), (.int, .bool), (.int, .float), (.float, .bool), (.float, .int): true
    case (.string, .bool), (.string, .int), (.string, .float), (.string, .timestamp), (.string, .bytes): true
    case (.string, .labels), (.labels, .labels): true
    case (.labels, let other): canCast(.string, to: other)
    case (.list(let a), .list(let b)): canCast(a, to: b)
    case (.structure(let a), .structure(let b)):
        a.count == b.count && zip(a, b).allSatisfy { canCast($0.type, to: $1.type) }
    case (.tensor(_, let a), .tensor(_, let b)):
        a.count == b.count && zip(a, b).allSatisfy { $0.unified(with: $1) != nil }
    case (.list(let element), .tensor(let dtype, let dims)):
        if dims.count == 1 {
            element == .null || element.isNumeric
        } else {
            dims.count > 1 && canCast(element, to: .tensor(dtype, Array(dims.dropFirst())))
        }
    case (.tensor(let dtype, let dims), .list(let element)):
        if dims.count == 1 {
            canCast(dtype.isFloat ? .float : dtype == .bool ? .bool : .int, to: element)
        } else {
            dims.count > 1 && canCast(.tensor(dtype, Array(dims.dropFirst())), to: element)
        }
    default: false
    }
}

/// The rows of `column` as `type`. A value that cannot be cast is an error of its row, or null with `isTry`.
package func castColumn(_ column: Column, to type: DataType, isTry: Bool) throws -> Column {
    if column.type == type { return column }
    switch (column.type, type) {
    case (.null, _): return .nulls(type, count: column.count)
    case (.labels, .string), (.string, .labels), (.labels, .labels): return column.retyped(type)
    case (.int, .float): return column.widenedToFloat()
    case (.tensor(let a, let from), .tensor(let b, let to)) where a == b:
        // A column's own dimensions are closed; an open target takes any.
        if !column.hasOwnShapes || type.fixedShape == nil, from.count == to.count,
            zip(from, to).allSatisfy({ $0.size == nil || $1.size == nil || $0 == $1 })
        {
            return column
        }
    default: break
    }
    var target = type
    if case .tensor(let dtype, let dims) = type, dims.contains(where: { $0.size == nil }) {
        target = closed(dtype, dims, by: column)
    }
    if let tensor = tensorOfLists(column, target) { return tensor }
    if case .tensor(let dtype, let dims) = type, type.fixedShape == nil {
        return try castByRow(column, dtype, dims, isTry: isTry)
    }
    var builder = ColumnBuilder(target)
    builder.reserve(rows: column.count)
    for row in 0..<column.count {
        let value = column.value(row)
        if let cast = castValue(value, to: target) {
            builder.append(cast)
        } else if isTry {
            builder.appendNull()
        } else {
            throw failedCast(value, row, column.type, type)
        }
    }
    return builder.finish()
}

/// A column of lists of numbers as vectors; nil if some row does not fit, or for other types. Fast, for long lists.
private func tensorOfLists(_ column: Column, _ target: DataType) -> Column? {
    guard case .list(let offsets, let child) = column.storage, child.hasNoNulls, target.fixedShape?.count == 1,
        case .tensor(let dtype, _) = target, let size = target.fixedShape?[0], size > 0,
        let tensor = try? Tensor(dtype, shape: [column.count, size])
    else { return nil }
    for row in 0..<column.count where !column.isNull(row) {
        guard offsets[column.offset + row + 1] - offsets[column.offset + row] == size else { return nil }
    }
    func fill<T: TensorElement, V>(_ values: UnsafeBufferPointer<V>, _ convert: (V) -> T) {
        let elements = tensor.mutableElements(T.self)
        for row in 0..<column.count where !column.isNull(row) {
            let start = offsets[column.offset + row]
            for index in 0..<size { elements[row * size + index] = convert(values[start + index]) }
        }
    }
    tensor.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: tensor.byteCount)
    switch (child.storage, dtype) {
    case (.floats, .float32): child.withFloats { fill($0) { Float($0) } }
    case (.floats, .float64): child.withFloats { fill($0) { $0 } }
    case (.ints, .float32): child.withInts { fill($0) { Float($0) } }
    case (.ints, .float64): child.withInts { fill($0) { Double($0) } }
    case (.ints, .int64): child.withInts { fill($0) { $0 } }
    default: return nil
    }
    return Column(tensor: tensor, validity: column.validityOfRows)
}

private func failedCast(_ value: Value, _ row: Int, _ from: DataType, _ to: DataType) -> EvaluationError {
    let text = value.literal
    return EvaluationError(row: row, .cast(value: text.count > 60 ? text.prefix(57) + "…" : text, from: from, to: to))
}

/// Rows as tensors of which each closes the open dimensions for itself.
private func castByRow(_ column: Column, _ dtype: DType, _ dims: [Dimension], isTry: Bool) throws -> Column {
    let rows = try (0..<column.count).map { row -> Tensor? in
        let value = column.value(row)
        if value.isNull { return nil }
        let target = closed(dtype, dims, by: column.slice(row..<row + 1))
        if case .tensor(let tensor)? = castValue(value, to: target) { return tensor }
        if isTry { return nil }
        throw failedCast(value, row, column.type, .tensor(dtype, dims))
    }
    return .shaped(rows, type: .tensor(dtype, dims))
}

/// The open dimensions of a tensor type closed by the first row that has a value.
private func closed(_ dtype: DType, _ dims: [Dimension], by column: Column) -> DataType {
    var sizes: [Int] = []
    if case .tensor(_, let own) = column.type {
        sizes = column.hasOwnShapes && column.count > 0 ? column.rowTensor(0).shape : own.map { $0.size ?? 0 }
    }
    if let row = (0..<column.count).first(where: { !column.isNull($0) }), case .list = column.type {
        var value = column.value(row)
        while sizes.count < dims.count, case .list(let items) = value {
            sizes.append(items.count)
            guard let first = items.first else { break }
            value = first
        }
    }
    return .tensor(
        dtype, dims.enumerated().map { $1.size.map { .fixed($0) } ?? .fixed($0 < sizes.count ? sizes[$0] : 0) })
}

/// One value as `type`; nil if it cannot be. Null stays null.
///
/// Float to int rounds halves to even, as DuckDB does, and refuses NaN and what does not fit. Text is trimmed of ASCII
/// spaces. Bools read `true t yes y 1` and `false f no n 0` in any case. Numbers to bool: not zero.
package func castValue(_ value: Value, to type: DataType) -> Value? {
    switch (value, type) {
    case (.null, _): return .null
    case (.bool, .bool), (.int, .int), (.float, .float), (.bytes, .bytes), (.timestamp, .timestamp): return value
    case (.string, .string): return value
    case (.string(let text), .labels(let members)): return members.contains(text) ? value : nil
    case (.bytes(let bytes), .string): return String(validating: bytes, as: UTF8.self).map { .string($0) }
    case (_, .string): return .string(value.text)
    case (.bool(let x), .int): return .int(x ? 1 : 0)
    case (.bool(let x), .float): return .float(x ? 1 : 0)
    case (.int(let x), .bool): return .bool(x != 0)
    case (.int(let x), .float): return .float(Double(x))
    case (.float(let x), .bool): return .bool(x != 0)
    case (.float(let x), .int): return Int64(exactly: x.rounded(.toNearestOrEven)).map { .int($0) }
    case (.string(let text), .bytes): return .bytes(Array(text.utf8))
    case (.string(let text), .bool): return parseBool(trimmed(text)).map { .bool($0) }
    case (.string(let text), .int): return parseInt(trimmed(text)).map { .int($0) }
    case (.string(let text), .float): return parseFloat(trimmed(text)).map { .float($0) }
    case (.string(let text), .timestamp): return parseTimestamp(trimmed(text)).map { .timestamp($0) }
    case (.list(let items), .list(let element)):
        var cast: [Value] = []
        for item in items {
            guard let value = castValue(item, to: element) else { return nil }
            cast.append(value)
        }
        return .list(cast)
    case (.structure(let fields), .structure(let types)) where fields.count == types.count:
        var cast: [Value.StructField] = []
        for (field, type) in zip(fields, types) {
            guard let value = castValue(field.value, to: type.type) else { return nil }
            cast.append(.init(type.name, value))
        }
        return .structure(cast)
    case (.list, .tensor(let dtype, let dims)):
        let shape = dims.map { $0.size ?? -1 }
        var elements: [Double] = []
        guard !shape.contains(-1), collect(value, shape[...], into: &elements) else { return nil }
        return makeTensor(elements, dtype, shape).map { .tensor($0) }
    case (.tensor(let tensor), .tensor(let dtype, let dims)):
        guard dims.count == tensor.rank, zip(dims, tensor.shape).allSatisfy({ $0.size == nil || $0.size == $1 }) else {
            return nil
        }
        return makeTensor((0..<tensor.count).compactMap { number(tensor.element(at: $0)) }, dtype, tensor.shape)
            .map { .tensor($0) }
    case (.tensor(let tensor), .list(let element)):
        guard let size = tensor.shape.first else { return nil }
        let stride = tensor.rank > 0 ? tensor.shape.dropFirst().reduce(1, *) : 0
        var cast: [Value] = []
        for index in 0..<size {
            let part: Value =
                tensor.rank == 1
                ? tensor.element(at: index)
                : .tensor(
                    Tensor(
                        tensor.dtype, shape: Array(tensor.shape.dropFirst()), storage: tensor.storage,
                        byteOffset: tensor.byteOffset + index * stride * tensor.dtype.size))
            guard let value = castValue(part, to: element) else { return nil }
            cast.append(value)
        }
        return .list(cast)
    default: return nil
    }
}

private func collect(_ value: Value, _ shape: ArraySlice<Int>, into elements: inout [Double]) -> Bool {
    guard let size = shape.first else {
        guard let number = number(value) else { return false }
        elements.append(number)
        return true
    }
    guard case .list(let items) = value, items.count == size else { return false }
    return items.allSatisfy { collect($0, shape.dropFirst(), into: &elements) }
}

func number(_ value: Value) -> Double? {
    switch value {
    case .int(let x): Double(x)
    case .float(let x): x
    case .bool(let x): x ? 1 : 0
    default: nil
    }
}

/// Elements converted to `dtype`; nil for one that does not fit, or a dtype that is not computed with (float16, bfloat16).
func makeTensor(_ values: [Double], _ dtype: DType, _ shape: [Int]) -> Tensor? {
    guard values.count == shape.reduce(1, *) else { return nil }
    func integers<T: FixedWidthInteger & TensorElement>(_: T.Type) -> Tensor? {
        let converted = values.compactMap { T(exactly: $0.rounded(.toNearestOrEven)) }
        return converted.count == values.count ? Tensor(converted, shape: shape) : nil
    }
    switch dtype {
    case .float32: return Tensor(values.map { Float($0) }, shape: shape)
    case .float64: return Tensor(values, shape: shape)
    case .bool: return Tensor(values.map { $0 != 0 }, shape: shape)
    case .int8: return integers(Int8.self)
    case .uint8: return integers(UInt8.self)
    case .int16: return integers(Int16.self)
    case .uint16: return integers(UInt16.self)
    case .int32: return integers(Int32.self)
    case .uint32: return integers(UInt32.self)
    case .int64: return integers(Int64.self)
    case .uint64: return integers(UInt64.self)
    default: return nil
    }
}
