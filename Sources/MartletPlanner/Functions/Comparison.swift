import MartletData

/// `= != < <= > >=`. NaN equals NaN and is greater than every other float; strings compare by bytes, false before true.
let comparisonFunctions: [Function] = [
    comparison("=", "whether the values are equal", FunctionExample("2 = 2.0", gives: "true"), .equal),
    comparison(
        "!=", aliases: ["<>"], "whether the values differ", FunctionExample("'a' != 'b'", gives: "true"), .notEqual),
    comparison("<", "whether the left value comes first", FunctionExample("1 < 2", gives: "true"), .less),
    comparison(
        "<=", "whether the right value does not come first", FunctionExample("'b' <= 'a'", gives: "false"), .lessOrEqual
    ),
    comparison(">", "whether the right value comes first", FunctionExample("2.5 > 2", gives: "true"), .greater),
    comparison(
        ">=", "whether the left value does not come first", FunctionExample("1 >= 1", gives: "true"), .greaterOrEqual),
    Function(
        "not", "not x -> bool", doc: "whether x is false", example: FunctionExample("not 1 = 2", gives: "true"),
        runsOverNulls: { _ in true }, resolve: takes([.bool], gives: .bool),
        evaluate: { input in input.columns[0].withBools { x in bools(input.rowCount) { !x[$0] } } }),
]

private enum Comparison {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    /// The loop is compiled for each comparison: `less` and `equal` are of a total order.
    @inline(__always)
    func rows(_ count: Int, less: (_ row: Int, _ swapped: Bool) -> Bool, equal: (_ row: Int) -> Bool) -> Column {
        switch self {
        case .equal: bools(count) { equal($0) }
        case .notEqual: bools(count) { !equal($0) }
        case .less: bools(count) { less($0, false) }
        case .lessOrEqual: bools(count) { !less($0, true) }
        case .greater: bools(count) { less($0, true) }
        case .greaterOrEqual: bools(count) { !less($0, false) }
        }
    }

    @inline(__always)
    func rows<T>(
        _ x: UnsafeBufferPointer<T>, _ y: UnsafeBufferPointer<T>, less: (T, T) -> Bool, equal: (T, T) -> Bool
    ) -> Column {
        precondition(x.count == y.count, "bug: columns of different length compared")
        let length = x.count
        guard let x = x.baseAddress, let y = y.baseAddress else { return Column(bools: []) }
        return rows(
            length, less: { row, swapped in swapped ? less(y[row], x[row]) : less(x[row], y[row]) },
            equal: { row in equal(x[row], y[row]) })
    }
}

private func comparison(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample, _ rule: Comparison
) -> Function {
    let ordering = rule != .equal && rule != .notEqual
    return Function(
        name, aliases: aliases, "a \(name) b -> bool", doc: doc, example: example,
        runsOverNulls: { types in types.allSatisfy(\.isOrdered) },
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            guard let type = arguments.types[0].unified(with: arguments.types[1]) else {
                throw TypeMismatch("cannot compare \(arguments.types[0].text) with \(arguments.types[1].text)")
            }
            guard !ordering || type == .null || type.isOrdered else {
                throw TypeMismatch("values of type \(type.text) have no order")
            }
            return Resolution([type, type], .bool)
        },
        evaluate: { input in
            let a = input.columns[0]
            let b = input.columns[1]
            switch a.type {
            case .int, .timestamp:
                return a.withInts { x in b.withInts { y in rule.rows(x, y, less: { $0 < $1 }, equal: { $0 == $1 }) } }
            case .float:
                return a.withFloats { x in
                    b.withFloats { y in
                        rule.rows(
                            x, y, less: { $0 < $1 || ($1.isNaN && !$0.isNaN) },
                            equal: { $0 == $1 || ($0.isNaN && $1.isNaN) })
                    }
                }
            case .string, .labels, .bytes:
                return a.withStrings { x in
                    b.withStrings { y in
                        rule.rows(
                            input.rowCount,
                            less: { $1 ? compareBytes(y[$0], x[$0]) < 0 : compareBytes(x[$0], y[$0]) < 0 },
                            equal: { x.length($0) == y.length($0) && compareBytes(x[$0], y[$0]) == 0 })
                    }
                }
            default:
                return rule.rows(
                    input.rowCount,
                    less: { $1 ? order(b.value($0), a.value($0)) < 0 : order(a.value($0), b.value($0)) < 0 },
                    equal: { order(a.value($0), b.value($0)) == 0 })
            }
        })
}

/// -1, 0 or 1 by the order of floats in the language.
@inline(__always)
package func order(_ a: Double, _ b: Double) -> Int {
    if a < b { return -1 }
    if a > b { return 1 }
    if a == b { return 0 }
    return a.isNaN ? (b.isNaN ? 0 : 1) : -1
}

package func order(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(a.count, b.count)
    for index in 0..<shared where a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
    return a.count < b.count ? -1 : a.count == b.count ? 0 : 1
}

/// -1, 0 or 1 for two values of one type, null last. Values without an order are 0 when equal, else 1.
package func order(_ a: Value, _ b: Value) -> Int {
    switch (a, b) {
    case (.null, .null): return 0
    case (.null, _): return 1
    case (_, .null): return -1
    case (.bool(let x), .bool(let y)): return x == y ? 0 : x ? 1 : -1
    case (.int(let x), .int(let y)), (.timestamp(let x), .timestamp(let y)): return x < y ? -1 : x == y ? 0 : 1
    case (.float(let x), .float(let y)): return order(x, y)
    case (.string(let x), .string(let y)):
        return x.utf8.elementsEqual(y.utf8) ? 0 : x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : 1
    case (.bytes(let x), .bytes(let y)): return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    default: return a == b ? 0 : 1
    }
}
