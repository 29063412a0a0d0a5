import MartletData

/// Functions that look at or change a tensor's shape, and subscripts. Places count from 0; `v[a:b]` ends before `b`; negative
/// places count from the end. A place outside a tensor is an error when the query is bound, outside a list it gives null.
let tensorFunctions: [Function] = [
    Function(
        "[]", "v[i]",
        doc: "element i of a list, row i of a tensor, number i of a vector; from 0, negative from the end",
        example: FunctionExample("[10, 20, 30][1]", gives: "20"), resolve: resolveIndex,
        lower: { graph, arguments in
            guard arguments.count == 2, case .tensor(let x) = arguments[0],
                case .constant(.int(let place)) = arguments[1],
                case .tensor(_, let dims) = graph.type(of: x), let size = dims.first?.size
            else { return nil }
            let start = place < 0 ? Int64(size) + place : place
            guard start >= 0, start < size else { return nil }
            let rest = dims.dropFirst().compactMap(\.size)
            guard rest.count == dims.count - 1 else { return nil }
            return try graph.reshape(try graph.slice(x, axis: 0, Int(start)..<Int(start) + 1), shape: rest)
        },
        evaluate: { input in
            let column = input.columns[0]
            if case .list(let element) = column.type {
                var builder = ColumnBuilder(element)
                for row in 0..<input.rowCount {
                    let items = column.list(row)
                    let place = input.columns[1].int(row)
                    let at = place < 0 ? Int64(items.count) + place : place
                    if at >= 0, at < items.count {
                        builder.append(row: Int(at), of: items)
                    } else {
                        builder.appendNull()
                    }
                }
                return builder.finish()
            }
            let rows = FloatRows(column)
            let size = rows.shape.first ?? 0
            let part = rows.shape.dropFirst().reduce(1, *)
            func start(_ row: Int) throws -> Int {
                let place = input.columns[1].int(row)
                let at = place < 0 ? Int64(size) + place : place
                guard at >= 0, at < size else {
                    throw EvaluationError(
                        row: row, .invalidArgument(function: "v[i]", "place \(place) is outside of \(size) elements"))
                }
                return Int(at) * part
            }
            if rows.shape.count == 1 { return try floats(input.rowCount) { Double(rows[$0][try start($0)]) } }
            return try tensors(input.rowCount, shape: Array(rows.shape.dropFirst()), function: "v[i]") { row, result in
                let from = try start(row)
                for index in result.indices { result[index] = rows[row][from + index] }
            }
        }),
    Function(
        "[:]", "v[a:b]", doc: "elements from a up to but not with b of a list, vector or tensor",
        example: FunctionExample("[10, 20, 30][1:3]", gives: "[20, 30]"), resolve: resolveSlice,
        lower: { graph, arguments in
            guard arguments.count == 3, case .tensor(let x) = arguments[0], case .constant(let from) = arguments[1],
                case .constant(let to) = arguments[2], case .tensor(_, let dims) = graph.type(of: x),
                let size = dims.first?.size, let range = bounds(from, to, size: size)
            else { return nil }
            return try graph.slice(x, axis: 0, range)
        },
        evaluate: { input in
            let column = input.columns[0]
            if case .list = column.type {
                var builder = ColumnBuilder(column.type)
                for row in 0..<input.rowCount {
                    let items = column.list(row)
                    if let range = bounds(input.columns[1].value(row), input.columns[2].value(row), size: items.count) {
                        builder.children[0].append(rowsOf: items.slice(range))
                    }
                    builder.closeList()
                }
                return builder.finish()
            }
            let rows = FloatRows(column)
            guard input.rowCount > 0, let size = rows.shape.first,
                let range = bounds(input.columns[1].value(0), input.columns[2].value(0), size: size)
            else { return .empty(input.type) }
            let rest = Array(rows.shape.dropFirst())
            let part = rest.reduce(1, *)
            return try tensors(input.rowCount, shape: [range.count] + rest, function: "v[a:b]") { row, result in
                for index in result.indices { result[index] = rows[row][range.lowerBound * part + index] }
            }
        }),
    Function(
        "shape", "(x tensor) -> list(int)", doc: "the sizes of the dimensions of one row's tensor",
        example: FunctionExample("shape(reshape([1, 2, 3, 4], 2, 2))", gives: "[2, 2]"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution([try wantTensor(arguments, 0)], .list(.int))
        },
        evaluate: { input in
            let sizes = input.columns[0].tensor.shape.dropFirst().map { Value.int(Int64($0)) }
            return .constant(.list(sizes), type: .list(.int), count: input.rowCount)
        }),
    Function(
        "reshape", "(x tensor, size, …) -> tensor", doc: "the same elements under other dimensions; one size may be -1",
        example: FunctionExample("reshape([1, 2, 3, 4], 2, -1)", gives: "[[1.0, 2.0], [3.0, 4.0]]"),
        resolve: resolveReshape,
        lower: { graph, arguments in
            guard case .tensor(let x) = arguments[0], let count = graph.type(of: x).fixedShape?.reduce(1, *) else {
                return nil
            }
            var sizes: [Int64] = []
            for argument in arguments.dropFirst() {
                guard case .constant(.int(let size)) = argument else { return nil }
                sizes.append(size)
            }
            guard let shape = resolvedShape(sizes, count: count) else { return nil }
            return try graph.reshape(x, shape: shape)
        },
        evaluate: { input in
            let tensor = input.columns[0].tensor
            guard let shape = input.type.fixedShape, shape.reduce(1, *) * input.rowCount == tensor.count else {
                throw EvaluationError(
                    row: 0, .shape(function: "reshape", "\(input.columns[0].type.text) has no shape \(input.type.text)")
                )
            }
            return Column(tensor: tensor.reshaped([input.rowCount] + shape))
        }),
    Function(
        "transpose", "(x tensor) -> tensor", doc: "the dimensions in reverse order",
        example: FunctionExample("transpose(reshape([1, 2, 3, 4], 2, 2))", gives: "[[1.0, 3.0], [2.0, 4.0]]"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            let type = try wantTensor(arguments, 0)
            guard case .tensor(let dtype, let dims) = type else { return Resolution([type], type) }
            return Resolution([type], .tensor(dtype, dims.reversed()))
        },
        lower: { graph, arguments in
            guard case .tensor(let x) = arguments[0], case .tensor(_, let dims) = graph.type(of: x) else { return nil }
            return try graph.transpose(x, permutation: dims.indices.reversed())
        },
        evaluate: { input in
            let rows = FloatRows(input.columns[0])
            let shape = rows.shape
            return try tensors(input.rowCount, shape: shape.reversed(), function: "transpose") { row, result in
                var place = [Int](repeating: 0, count: shape.count)
                for value in rows[row] {
                    // The place in the result, whose first dimension is the last here.
                    var target = 0
                    for axis in shape.indices.reversed() { target = target * shape[axis] + place[axis] }
                    result[target] = value
                    for axis in shape.indices.reversed() {
                        place[axis] += 1
                        if place[axis] < shape[axis] { break }
                        place[axis] = 0
                    }
                }
            }
        }),
    Function(
        "stack", "(a vector, b vector, …) -> tensor", doc: "tensors of one shape as the rows of a new first dimension",
        example: FunctionExample("stack([1, 2], [3, 4])", gives: "[[1.0, 2.0], [3.0, 4.0]]"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1_000)
            var types: [DataType] = []
            for position in arguments.types.indices {
                let type = try wantTensor(arguments, position)
                guard types.isEmpty || types[0].unified(with: type) != nil else {
                    throw TypeMismatch(
                        argument: position, "wants \(types[0].text), got \(arguments.types[position].text)")
                }
                types.append(type)
            }
            guard case .tensor(let dtype, let dims) = types[0] else { return Resolution(types, .null) }
            return Resolution(types, .tensor(dtype, [.fixed(types.count)] + dims))
        },
        evaluate: { input in
            let parts = input.columns.map { FloatRows($0) }
            guard parts.allSatisfy({ $0.shape == parts[0].shape }) else {
                throw EvaluationError(row: 0, .shape(function: "stack", "shapes differ"))
            }
            let size = parts[0].size
            return try tensors(input.rowCount, shape: [parts.count] + parts[0].shape, function: "stack") {
                row, result in
                for (position, part) in parts.enumerated() {
                    for (index, value) in part[row].enumerated() { result[position * size + index] = value }
                }
            }
        }),
]

private let resolveIndex: Resolve = { arguments throws(TypeMismatch) in
    try checkCount(arguments, 2...2)
    guard converts(arguments.types[1], to: .int) else { throw wrongType(1, wanted: .int, got: arguments.types[1]) }
    switch arguments.types[0] {
    case .list(let element): return Resolution([arguments.types[0], .int], element)
    case .null: return Resolution([.null, .int], .null)
    case .tensor(_, let dims) where !dims.isEmpty:
        if let size = dims[0].size, case .int(let place)? = arguments.constants[1],
            place >= Int64(size) || place < -Int64(size)
        {
            throw TypeMismatch(
                argument: 1, "place \(place) is outside of \(arguments.types[0].text)",
                help: "places run from 0 to \(size - 1)")
        }
        let type = try wantTensor(arguments, 0)
        let rest = Array(dims.dropFirst())
        return Resolution([type, .int], rest.isEmpty ? .float : .tensor(.float32, rest))
    case .string, .labels:
        throw TypeMismatch(
            argument: 0, "wants a list or a tensor, got \(arguments.types[0].text)",
            help: "`substring(text, start, count)` gives a part of a text")
    default: throw TypeMismatch(argument: 0, "wants a list or a tensor, got \(arguments.types[0].text)")
    }
}

private let resolveSlice: Resolve = { arguments throws(TypeMismatch) in
    try checkCount(arguments, 3...3)
    for position in 1...2 where !converts(arguments.types[position], to: .int) {
        throw wrongType(position, wanted: .int, got: arguments.types[position])
    }
    switch arguments.types[0] {
    case .list: return Resolution([arguments.types[0], .int, .int], arguments.types[0])
    case .tensor(_, let dims) where !dims.isEmpty:
        let type = try wantTensor(arguments, 0)
        guard let from = arguments.constants[1], let to = arguments.constants[2] else {
            throw TypeMismatch(argument: 1, "wants constant bounds, as they set the type")
        }
        var first = Dimension.unknown
        if let size = dims[0].size, let range = bounds(from, to, size: size) { first = .fixed(range.count) }
        return Resolution([type, .int, .int], .tensor(.float32, [first] + dims.dropFirst()))
    case .string, .labels:
        throw TypeMismatch(
            argument: 0, "wants a list or a tensor, got \(arguments.types[0].text)",
            help: "`substring(text, start, count)` gives a part of a text")
    default: throw TypeMismatch(argument: 0, "wants a list or a tensor, got \(arguments.types[0].text)")
    }
}

/// The places from `from` up to `to`, cut to `0..<size`; a negative bound counts from the end. Never nil for ints.
private func bounds(_ from: Value, _ to: Value, size: Int) -> Range<Int>? {
    guard case .int(let low) = from, case .int(let high) = to else { return nil }
    func place(_ bound: Int64) -> Int {
        let at = bound < 0 ? Int64(size) + max(bound, -Int64(size)) : min(bound, Int64(size))
        return Int(at)
    }
    return place(low)..<max(place(low), place(high))
}

private let resolveReshape: Resolve = { arguments throws(TypeMismatch) in
    try checkCount(arguments, 2...9)
    let type = try wantTensor(arguments, 0)
    var sizes: [Int64] = []
    for position in 1..<arguments.count {
        guard case .int(let size)? = arguments.constants[position], size >= -1, size <= 1 << 30 else {
            throw TypeMismatch(argument: position, "wants a constant size from 0 up, or -1")
        }
        sizes.append(size)
    }
    guard sizes.reduce(1.0, { $0 * Double(max(1, $1)) }) <= Double(1 << 28) else {
        throw TypeMismatch("wants a shape of at most \(1 << 28) elements")
    }
    let parameters = [type] + sizes.map { _ in DataType.int }
    guard let count = type.fixedShape?.reduce(1, *) else {
        return Resolution(parameters, .tensor(.float32, sizes.map { $0 < 0 ? .unknown : .fixed(Int($0)) }))
    }
    guard let shape = resolvedShape(sizes, count: count) else {
        throw TypeMismatch("\(count) elements have no shape [\(sizes.map { "\($0)" }.joined(separator: ","))]")
    }
    return Resolution(parameters, .tensor(.float32, shape: shape))
}

/// Sizes with -1 worked out; nil if they do not hold `count` elements.
private func resolvedShape(_ sizes: [Int64], count: Int) -> [Int]? {
    var known = 1
    for size in sizes where size >= 0 {
        let (product, overflow) = known.multipliedReportingOverflow(by: Int(size))
        guard !overflow else { return nil }
        known = product
    }
    let open = sizes.filter { $0 < 0 }.count
    guard open <= 1, open == 0 ? known == count : known > 0 && count % known == 0 else { return nil }
    return sizes.map { $0 < 0 ? count / known : Int($0) }
}
