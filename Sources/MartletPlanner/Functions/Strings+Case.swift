import MartletData
@_spi(_Unicode) import Swift

/// Functions that change letters, ends or repetition of a text. Characters are Unicode code points, as in DuckDB.
let caseFunctions: [Function] = [
    textFunction("lower", aliases: ["lcase"], "letters in lower case", FunctionExample("lower('ÀB')", gives: "àb")) {
        lowerCase($0)
    },
    textFunction("upper", aliases: ["ucase"], "letters in upper case", FunctionExample("upper('àb')", gives: "ÀB")) {
        mapScalars($0) { $0.properties.uppercaseMapping }
    },
    trimFunction("trim", "at both ends", FunctionExample("trim('  a ')", gives: "a"), left: true, right: true),
    trimFunction("ltrim", "at the left", FunctionExample("ltrim('xxa', 'x')", gives: "a"), left: true, right: false),
    trimFunction("rtrim", "at the right", FunctionExample("rtrim('axx', 'x')", gives: "a"), left: false, right: true),
    textFunction(
        "reverse", "the characters as a reader sees them, last first", FunctionExample("reverse('abc')", gives: "cba")
    ) { String($0.reversed()) },
    textFunction(
        "strip_accents", "letters without their accents", FunctionExample("strip_accents('mühle')", gives: "muhle")
    ) { stripAccents($0) },
    Function(
        "repeat", "(text string, times int) -> string", doc: "the text so many times over",
        example: FunctionExample("repeat('ab', 3)", gives: "ababab"), resolve: takes([.string, .int], gives: .string),
        evaluate: { input in
            try strings("repeat", input.rowCount) { row in
                let text = input.columns[0].string(row)
                let times = max(0, input.columns[1].int(row))
                let (bytes, overflow) = Int64(text.utf8.count).multipliedReportingOverflow(by: times)
                try checkSize(overflow ? Int.max : Int(bytes), function: "repeat", row: row)
                return text.isEmpty ? "" : String(repeating: text, count: Int(times))
            }
        }),
    padFunction("lpad", "at the left", FunctionExample("lpad('7', 3, '0')", gives: "007"), atLeft: true),
    padFunction("rpad", "at the right", FunctionExample("rpad('hi', 5, 'xy')", gives: "hixyx"), atLeft: false),
    Function(
        "concat", "(a, b, …) -> string", doc: "the values as text, one after the other; nulls are left out",
        example: FunctionExample("concat('a', null, 1)", gives: "a1"), isStrict: false,
        resolve: { arguments throws(TypeMismatch) in try resolveConcat(arguments) },
        lower: { graph, arguments in
            var handles: [TensorHandle] = []
            for argument in arguments {
                guard case .tensor(let handle) = argument else { return nil }
                handles.append(handle)
            }
            return try graph.concat(handles, axis: 0)
        },
        evaluate: { input in
            if case .tensor = input.type { return try concatTensors(input) }
            return try strings("concat", input.rowCount) { row in
                input.columns.map { $0.isNull(row) ? "" : $0.string(row) }.joined()
            }
        }),
    Function(
        "concat_ws", "(separator string, a, b, …) -> string",
        doc: "the values as text with a separator between; nulls are left out",
        example: FunctionExample("concat_ws('-', 'a', null, 'b')", gives: "a-b"), isStrict: false,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1_000)
            guard converts(arguments.types[0], to: .string) else {
                throw wrongType(0, wanted: .string, got: arguments.types[0])
            }
            return Resolution(arguments.types.map { _ in .string }, .string)
        },
        evaluate: { input in
            var builder = ColumnBuilder(.string)
            for row in 0..<input.rowCount {
                if input.columns[0].isNull(row) {
                    builder.appendNull()
                    continue
                }
                let parts = input.columns.dropFirst().filter { !$0.isNull(row) }.map { $0.string(row) }
                builder.append(string: parts.joined(separator: input.columns[0].string(row)))
            }
            return builder.finish()
        }),
    Function(
        "||", "a || b", doc: "texts, lists or vectors one after the other; null if either is",
        example: FunctionExample("'a' || 'b'", gives: "ab"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            if case .list = arguments.types[0], let type = arguments.types[0].unified(with: arguments.types[1]) {
                return Resolution([type, type], type)
            }
            if case .tensor = arguments.types[0] { return try resolveConcat(arguments) }
            for (position, type) in arguments.types.enumerated() where !converts(type, to: .string) {
                throw wrongType(position, wanted: .string, got: type)
            }
            return Resolution([.string, .string], .string)
        },
        evaluate: { input in
            if case .tensor = input.type { return try concatTensors(input) }
            if case .list = input.type {
                guard input.columns[0].type == input.columns[1].type || !input.type.hasOpenDimension else {
                    throw EvaluationError(row: 0, .shape(function: "||", "lists have tensors of different shapes"))
                }
                var builder = ColumnBuilder(input.type.hasOpenDimension ? input.columns[0].type : input.type)
                for row in 0..<input.rowCount {
                    for column in input.columns { builder.children[0].append(rowsOf: column.list(row)) }
                    builder.closeList()
                }
                return builder.finish()
            }
            return try strings("||", input.rowCount) { input.columns[0].string($0) + input.columns[1].string($0) }
        }),
]

func textFunction(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample,
    _ change: @escaping @Sendable (String) -> String
) -> Function {
    Function(
        name, aliases: aliases, "(text string) -> string", doc: doc, example: example,
        resolve: takes([.string], gives: .string),
        evaluate: { input in try strings(name, input.rowCount) { change(input.columns[0].string($0)) } })
}

func lowerCase(_ text: String) -> String { mapScalars(text) { $0.properties.lowercaseMapping } }

/// Each code point by its mapping where that is one code point; others stay (so lengths never change), but for sharp s,
/// which has a capital of its own.
private func mapScalars(_ text: String, _ mapping: (Unicode.Scalar) -> String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        let mapped = mapping(scalar).unicodeScalars
        if mapped.count == 1, let only = mapped.first {
            result.append(only)
        } else if scalar == "ß" {
            result.append("ẞ")
        } else if scalar == "İ", let first = mapped.first {
            result.append(first)
        } else {
            result.append(scalar)
        }
    }
    return String(result)
}

/// Canonical decomposition without marks, composed again.
private func stripAccents(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text._nfd {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: break
        default: result.append(scalar)
        }
    }
    var composed = String.UnicodeScalarView()
    for scalar in String(result)._nfc { composed.append(scalar) }
    return String(composed)
}

private func trimFunction(_ name: String, _ doc: String, _ example: FunctionExample, left: Bool, right: Bool)
    -> Function
{
    Function(
        name, "(text string [, characters string]) -> string",
        doc: "the text without spaces, or without any of the characters, \(doc)", example: example,
        resolve: takes([.string, .string], optional: 1, gives: .string),
        evaluate: { input in
            try strings(name, input.rowCount) { row in
                let given = input.columns.count > 1 ? Set(input.columns[1].string(row).unicodeScalars) : nil
                func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
                    given?.contains(scalar)
                        ?? (scalar == " " || !scalar.isASCII && scalar.properties.generalCategory == .spaceSeparator)
                }
                var rest = input.columns[0].string(row).unicodeScalars[...]
                if left { while let first = rest.first, isUnwanted(first) { rest.removeFirst() } }
                if right { while let last = rest.last, isUnwanted(last) { rest.removeLast() } }
                return String(rest)
            }
        })
}

private func padFunction(_ name: String, _ doc: String, _ example: FunctionExample, atLeft: Bool) -> Function {
    Function(
        name, "(text string, length int, fill string) -> string",
        doc: "the text filled up \(doc), or cut, to so many characters", example: example,
        resolve: takes([.string, .int, .string], gives: .string),
        evaluate: { input in
            try strings(name, input.rowCount) { row in
                let text = Array(input.columns[0].string(row).unicodeScalars)
                let wanted = input.columns[1].int(row)
                try checkSize(wanted > 1 << 28 ? Int.max : 0, function: name, row: row)
                let length = max(0, Int(wanted))
                var result = String.UnicodeScalarView()
                if text.count >= length {
                    result.append(contentsOf: text.prefix(length))
                    return String(result)
                }
                let fill = Array(input.columns[2].string(row).unicodeScalars)
                guard !fill.isEmpty else {
                    throw EvaluationError(row: row, .invalidArgument(function: name, "the filling text is empty"))
                }
                let padding = (0..<(length - text.count)).map { fill[$0 % fill.count] }
                result.append(contentsOf: atLeft ? padding + text : text + padding)
                return String(result)
            }
        })
}

private func resolveConcat(_ arguments: FunctionArguments) throws(TypeMismatch) -> Resolution {
    try checkCount(arguments, 1...1_000)
    guard case .tensor(_, let dims) = arguments.types[0] else {
        return Resolution(arguments.types.map { _ in .string }, .string)
    }
    var length: Int? = 0
    var types: [DataType] = []
    for position in arguments.types.indices {
        let type = try wantTensor(arguments, position)
        guard case .tensor(_, let others) = type, others.count == dims.count, !dims.isEmpty,
            zip(dims, others).dropFirst().allSatisfy({ $0.unified(with: $1) != nil })
        else {
            throw TypeMismatch(
                argument: position,
                "wants a tensor like \(arguments.types[0].text), got \(arguments.types[position].text)")
        }
        if let total = length, let size = others[0].size { length = total + size } else { length = nil }
        types.append(type)
    }
    return Resolution(types, .tensor(.float32, [length.map { .fixed($0) } ?? .unknown] + dims.dropFirst()))
}

private func concatTensors(_ input: FunctionInput) throws -> Column {
    let parts = input.columns.map { FloatRows($0) }
    let rest = Array(parts[0].shape.dropFirst())
    let length = parts.reduce(0) { $0 + ($1.shape.first ?? 0) }
    let column = try tensors(input.rowCount, shape: [length] + rest, function: "concat") { row, result in
        var start = 0
        for part in parts {
            for (index, value) in part[row].enumerated() where start + index < result.count {
                result[start + index] = value
            }
            start += part.size
        }
    }
    guard !input.columns.allSatisfy(\.hasNoNulls) else { return column }
    return column.masked(by: Bitmap((0..<input.rowCount).map { row in !input.columns.contains { $0.isNull(row) } }))
}
