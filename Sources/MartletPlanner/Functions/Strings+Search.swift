import MartletData

/// Functions that look into a text: lengths, parts, places. Positions count characters (code points) from 1.
let searchFunctions: [Function] = [
    Function(
        "length", aliases: ["len", "char_length", "character_length"], "(text string | list | vector) -> int",
        doc: "number of characters, or of elements", example: FunctionExample("length('naïve')", gives: "5"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            switch arguments.types[0] {
            case .list, .tensor: return Resolution(arguments.types, .int)
            case let type where converts(type, to: .string): return Resolution([.string], .int)
            case let type: throw wrongType(0, wanted: .string, got: type)
            }
        },
        evaluate: { input in
            let column = input.columns[0]
            switch column.type {
            case .list: return ints(input.rowCount) { Int64(column.list($0).count) }
            case .tensor:
                let length = Int64(column.tensor.shape.dropFirst().first ?? 1)
                return ints(input.rowCount) { _ in length }
            default:
                // Every byte but the continuations begins a code point.
                return column.withStrings { rows in
                    ints(input.rowCount) { row in
                        rows[row].reduce(into: Int64(0)) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
                    }
                }
            }
        }),
    Function(
        "strlen", "(text string) -> int", doc: "number of UTF-8 bytes",
        example: FunctionExample("strlen('é')", gives: "2"),
        resolve: takes([.string], gives: .int),
        evaluate: { input in input.columns[0].withStrings { rows in ints(input.rowCount) { Int64(rows.length($0)) } } }),
    Function(
        "substring", aliases: ["substr"], "(text string, start int [, count int]) -> string",
        doc: "characters from a position on; a negative start counts from the end",
        example: FunctionExample("substring('hello', 2, 3)", gives: "ell"),
        resolve: takes([.string, .int, .int], optional: 1, gives: .string),
        evaluate: { input in
            try strings("substring", input.rowCount) { row in
                let text = Array(input.columns[0].string(row).unicodeScalars)
                let count = input.columns.count > 2 ? input.columns[2].int(row) : nil
                return part(text, start: input.columns[1].int(row), count: count)
            }
        }),
    Function(
        "left", "(text string, count int) -> string", doc: "the first characters; a negative count leaves off the last",
        example: FunctionExample("left('hello', 2)", gives: "he"), resolve: takes([.string, .int], gives: .string),
        evaluate: { input in
            try strings("left", input.rowCount) { row in
                let text = Array(input.columns[0].string(row).unicodeScalars)
                return joined(text.prefix(end(input.columns[1].int(row), of: text.count)))
            }
        }),
    Function(
        "right", "(text string, count int) -> string",
        doc: "the last characters; a negative count leaves off the first",
        example: FunctionExample("right('hello', 2)", gives: "lo"), resolve: takes([.string, .int], gives: .string),
        evaluate: { input in
            try strings("right", input.rowCount) { row in
                let text = Array(input.columns[0].string(row).unicodeScalars)
                return joined(text.suffix(end(input.columns[1].int(row), of: text.count)))
            }
        }),
    Function(
        "contains", "(text string, part string) -> bool",
        doc: "whether the part is somewhere in the text; or a value in a list",
        example: FunctionExample("contains('martlet', 'art')", gives: "true"),
        resolve: { arguments throws(TypeMismatch) in
            if arguments.count == 2, case .list(let element) = arguments.types[0] {
                guard let type = element.unified(with: arguments.types[1]) else {
                    throw wrongType(1, wanted: element, got: arguments.types[1])
                }
                return Resolution([.list(type), type], .bool)
            }
            return try takes([.string, .string], gives: .bool)(arguments)
        },
        evaluate: { input in
            if case .list = input.columns[0].type {
                return bools(input.rowCount) { row in
                    let list = input.columns[0].list(row)
                    let wanted = input.columns[1].value(row)
                    return (0..<list.count).contains { list.value($0) == wanted }
                }
            }
            return search(input) { find($1, in: $0) != nil }
        }),
    Function(
        "starts_with", aliases: ["prefix"], "(text string, part string) -> bool",
        doc: "whether the text begins with the part",
        example: FunctionExample("starts_with('martlet', 'mar')", gives: "true"),
        resolve: takes([.string, .string], gives: .bool),
        evaluate: { input in search(input) { $0.count >= $1.count && $0.prefix($1.count).elementsEqual($1) } }),
    Function(
        "ends_with", aliases: ["suffix"], "(text string, part string) -> bool",
        doc: "whether the text ends with the part",
        example: FunctionExample("ends_with('martlet', 'let')", gives: "true"),
        resolve: takes([.string, .string], gives: .bool),
        evaluate: { input in search(input) { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) } }),
    Function(
        "position", aliases: ["strpos", "instr"], "(text string, part string) -> int",
        doc: "where the part first stands, from 1; 0 if nowhere",
        example: FunctionExample("strpos('naïve', 'v')", gives: "4"),
        resolve: takes([.string, .string], gives: .int),
        evaluate: { input in
            input.columns[0].withStrings { texts in
                input.columns[1].withStrings { parts in
                    ints(input.rowCount) { row in
                        guard let place = find(parts[row], in: texts[row]) else { return 0 }
                        return texts[row].prefix(place).reduce(into: Int64(1)) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
                    }
                }
            }
        }),
    Function(
        "replace", "(text string, part string, by string) -> string", doc: "every occurrence of the part replaced",
        example: FunctionExample("replace('aaa', 'aa', 'b')", gives: "ba"),
        resolve: takes([.string, .string, .string], gives: .string),
        evaluate: { input in
            try strings("replace", input.rowCount) { row in
                let pieces = cut(Array(input.columns[0].string(row).utf8), at: Array(input.columns[1].string(row).utf8))
                return pieces.map { String(decoding: $0, as: UTF8.self) }.joined(
                    separator: input.columns[2].string(row))
            }
        }),
    Function(
        "split", aliases: ["string_split", "str_split"], "(text string, separator string) -> list(string)",
        doc: "the parts between separators; an empty separator gives characters",
        example: FunctionExample("split('a,b,,c', ',')", gives: "['a', 'b', '', 'c']"),
        resolve: takes([.string, .string], gives: .list(.string)),
        evaluate: { input in
            var builder = ColumnBuilder(.list(.string))
            for row in 0..<input.rowCount {
                let text = input.columns[0].string(row)
                let separator = input.columns[1].string(row)
                let parts: [String] =
                    separator.isEmpty && !text.isEmpty
                    ? text.unicodeScalars.map { String($0) }
                    : cut(Array(text.utf8), at: Array(separator.utf8)).map { String(decoding: $0, as: UTF8.self) }
                for part in parts { builder.children[0].append(string: part) }
                builder.closeList()
            }
            return builder.finish()
        }),
    codeFunction("ascii", ofEmpty: 0, FunctionExample("ascii('A')", gives: "65")),
    codeFunction("unicode", aliases: ["ord"], ofEmpty: -1, FunctionExample("unicode('')", gives: "-1")),
    Function(
        "chr", "(code int) -> string", doc: "the character of a code point",
        example: FunctionExample("chr(8486)", gives: "Ω"),
        resolve: takes([.int], gives: .string),
        evaluate: { input in
            try strings("chr", input.rowCount) { row in
                let code = input.columns[0].int(row)
                guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                    throw EvaluationError(row: row, .invalidArgument(function: "chr", "\(code) is no code point"))
                }
                return String(scalar)
            }
        }),
    Function(
        "levenshtein", aliases: ["editdist3"], "(a string, b string) -> int",
        doc: "least number of single-character edits between two texts",
        example: FunctionExample("levenshtein('duck', 'db')", gives: "3"),
        resolve: takes([.string, .string], gives: .int),
        evaluate: { input in
            try ints(input.rowCount) { row in
                let a = Array(input.columns[0].string(row).unicodeScalars)
                let b = Array(input.columns[1].string(row).unicodeScalars)
                guard a.count <= 10_000, b.count <= 10_000 else {
                    throw EvaluationError(
                        row: row, .invalidArgument(function: "levenshtein", "texts of more than 10000 characters"))
                }
                return Int64(levenshtein(a, b))
            }
        }),
]

private func codeFunction(_ name: String, aliases: [String] = [], ofEmpty: Int64, _ example: FunctionExample)
    -> Function
{
    Function(
        name, aliases: aliases, "(text string) -> int",
        doc: "code point of the first character; \(ofEmpty) for an empty text", example: example,
        resolve: takes([.string], gives: .int),
        evaluate: { input in
            ints(input.rowCount) { input.columns[0].string($0).unicodeScalars.first.map { Int64($0.value) } ?? ofEmpty }
        })
}

/// Characters from `start` (1-based; negative from the end; 0 is the place before the first), `count` of them, or with a
/// negative count those before the start.
private func part(_ text: [Unicode.Scalar], start: Int64, count: Int64?) -> String {
    let length = Int64(text.count)
    let limit: Int64 = 1 << 40
    let start = max(-limit, min(limit, start))
    var from = start > 0 ? start - 1 : start < 0 ? length + start : -1
    var to = length
    if let count {
        let count = max(-limit, min(limit, count))
        to = count >= 0 ? from + count : from
        if count < 0 { from += count }
    }
    let low = Int(max(0, min(from, length)))
    let high = Int(max(0, min(to, length)))
    return low < high ? joined(text[low..<high]) : ""
}

private func end(_ count: Int64, of length: Int) -> Int {
    let bounded = Int(max(-(1 << 40), min(1 << 40, count)))
    return bounded >= 0 ? min(bounded, length) : max(0, length + bounded)
}

private func joined(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
}

private func search(
    _ input: FunctionInput, _ test: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
) -> Column {
    input.columns[0].withStrings { texts in
        input.columns[1].withStrings { parts in bools(input.rowCount) { test(texts[$0], parts[$0]) } }
    }
}

/// Offset of the first occurrence; an empty part stands at 0.
private func find(_ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let first = part.first else { return 0 }
    guard text.count >= part.count else { return nil }
    for start in 0...(text.count - part.count) where text[start] == first {
        if text[start..<start + part.count].elementsEqual(part) { return start }
    }
    return nil
}

/// The pieces of `bytes` between occurrences of `separator`, which is not found when it is empty.
private func cut(_ bytes: [UInt8], at separator: [UInt8]) -> [ArraySlice<UInt8>] {
    guard let first = separator.first else { return [bytes[...]] }
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    var place = 0
    while place + separator.count <= bytes.count {
        if bytes[place] == first, bytes[place..<place + separator.count].elementsEqual(separator) {
            pieces.append(bytes[start..<place])
            place += separator.count
            start = place
        } else {
            place += 1
        }
    }
    pieces.append(bytes[start...])
    return pieces
}

private func levenshtein(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var current = [i + 1]
        current.reserveCapacity(b.count + 1)
        for (j, y) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
