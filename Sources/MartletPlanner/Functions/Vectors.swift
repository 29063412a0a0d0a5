import MartletData
import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Functions of vectors (tensors of one dimension). A constant list of numbers stands for a vector. Sums run in double.
let vectorFunctions: [Function] = [
    pairFunction(
        "dot", aliases: ["inner_product"], "sum of products", FunctionExample("dot([1, 2], [3, 4])", gives: "11.0")
    ) {
        a, b in
        Similarity.dot.value(a, b)
    } lower: { graph, a, b in
        try graph.reduce(.sum, try graph.binary(.multiply, a, b), axis: 0, keep: false)
    },
    pairFunction(
        "cosine", aliases: ["cosine_similarity", "list_cosine_similarity"],
        "cosine of the angle between two vectors; NaN if one is zero",
        FunctionExample("cosine([1, 0], [1, 0])", gives: "1.0")
    ) { a, b in
        Similarity.cosine.value(a, b)
    },
    pairFunction(
        "l2", aliases: ["l2_distance", "list_distance"], "Euclidean distance",
        FunctionExample("l2([1, 2], [4, 6])", gives: "5.0")
    ) { a, b in
        Similarity.l2.value(a, b)
    } lower: { graph, a, b in
        let difference = try graph.binary(.subtract, a, b)
        let squares = try graph.binary(.multiply, difference, difference)
        return try graph.unary(.sqrt, try graph.reduce(.sum, squares, axis: 0, keep: false))
    },
    foldFunction("norm", "Euclidean length", FunctionExample("norm([3, 4])", gives: "5.0"), ofLists: false) { x in
        x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    } lower: { graph, x in
        try graph.unary(.sqrt, try graph.reduce(.sum, try graph.binary(.multiply, x, x), axis: 0, keep: false))
    },
    foldFunction("max", "the greatest element", FunctionExample("max([1, 5, 2])", gives: "5.0")) { x in
        x.reduce(-.infinity) { order($1, $0) > 0 ? $1 : $0 }
    } lower: { graph, x in
        try graph.reduce(.maximum, x, axis: 0, keep: false)
    },
    foldFunction("min", "the least element", FunctionExample("min([1, 5, 2])", gives: "1.0")) { x in
        x.reduce(.infinity) { order($1, $0) < 0 ? $1 : $0 }
    } lower: { graph, x in
        try graph.reduce(.minimum, x, axis: 0, keep: false)
    },
    foldFunction("sum", "the sum of the elements", FunctionExample("sum([1, 5, 2])", gives: "8.0")) {
        $0.reduce(0, +)
    } lower: { graph, x in
        try graph.reduce(.sum, x, axis: 0, keep: false)
    },
    foldFunction("mean", "the mean of the elements", FunctionExample("mean([1, 5, 3])", gives: "3.0")) {
        $0.reduce(0, +) / Double($0.count)
    } lower: { graph, x in
        try graph.reduce(.mean, x, axis: 0, keep: false)
    },
    foldFunction(
        "margin", "greatest element minus the second greatest: how sure a classifier is",
        FunctionExample("round(margin([0.7, 0.2, 0.1]), 4)", gives: "0.5"), ofLists: false
    ) { x in
        var first = -Double.infinity
        var second = -Double.infinity
        for value in x {
            if value > first {
                second = first
                first = value
            } else if value > second {
                second = value
            }
        }
        return x.count > 1 ? first - second : first
    },
    foldFunction(
        "entropy", "Shannon entropy of probabilities, in nats",
        FunctionExample("round(entropy([0.5, 0.5]), 4)", gives: "0.6931"),
        ofLists: false
    ) { x in x.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } },
    Function(
        "argmax", "(x vector) -> int", doc: "place of the first greatest element, from 0",
        example: FunctionExample("argmax([1, 5, 2])", gives: "1"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            return Resolution([try wantVector(arguments, 0)], .int)
        },
        lower: { graph, arguments in
            guard case .tensor(let x) = arguments[0] else { return nil }
            return try graph.argmax(x, axis: 0)
        },
        evaluate: { input in
            let rows = FloatRows(input.columns[0])
            let result = ints(input.rowCount) { row in
                var best = 0
                for (index, value) in rows[row].enumerated() where value > rows[row][best] { best = index }
                return Int64(best)
            }
            return rows.size > 0 ? result : .nulls(.int, count: input.rowCount)
        }),
    vectorChange(
        "normalize", "the vector divided by its Euclidean length; zero stays zero",
        FunctionExample("normalize([3, 4])", gives: "[0.6, 0.8]")
    ) {
        x, result in
        let length = x.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        for (index, value) in x.enumerated() { result[index] = length > 0 ? Float(Double(value) / length) : 0 }
    } lower: { graph, x in
        try graph.normalize(x)
    },
    vectorChange(
        "softmax", "e^x divided by the sum of all e^x: scores as probabilities",
        FunctionExample("softmax([1, 1])", gives: "[0.5, 0.5]")
    ) { x, result in
        let top = x.reduce(-Float.infinity) { max($0, $1) }
        var total = 0.0
        for value in x { total += exp(Double(value - top)) }
        for (index, value) in x.enumerated() { result[index] = Float(exp(Double(value - top)) / total) }
    } lower: { graph, x in
        try graph.softmax(x, axis: 0)
    },
    Function(
        "topk", "(x vector, k int) -> list(int)", doc: "places of the k greatest elements, greatest first, from 0",
        example: FunctionExample("topk([1, 5, 2], 2)", gives: "[1, 2]"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            guard converts(arguments.types[1], to: .int) else {
                throw wrongType(1, wanted: .int, got: arguments.types[1])
            }
            return Resolution([try wantVector(arguments, 0), .int], .list(.int))
        },
        evaluate: { input in
            let rows = FloatRows(input.columns[0])
            var builder = ColumnBuilder(.list(.int))
            for row in 0..<input.rowCount {
                let x = rows[row]
                let k = Int(max(0, min(Int64(x.count), input.columns[1].int(row))))
                let places = x.indices.sorted { x[$0] != x[$1] ? order(Double(x[$0]), Double(x[$1])) > 0 : $0 < $1 }
                for place in places.prefix(k) { builder.children[0].append(int: Int64(place)) }
                builder.closeList()
            }
            return builder.finish()
        }),
    Function(
        "one_hot", "(place int, size int) -> vector", doc: "a vector of zeros with a one at the place, from 0",
        example: FunctionExample("one_hot(1, 3)", gives: "[0.0, 1.0, 0.0]"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            for position in 0..<2 where !converts(arguments.types[position], to: .int) {
                throw wrongType(position, wanted: .int, got: arguments.types[position])
            }
            guard case .int(let size)? = arguments.constants[1], size > 0, size <= 1 << 20 else {
                throw TypeMismatch(argument: 1, "wants a constant size from 1 to 1048576")
            }
            return Resolution([.int, .int], .tensor(.float32, shape: [Int(size)]))
        },
        evaluate: { input in
            guard let shape = input.type.fixedShape else { preconditionFailure("bug: one_hot of open size") }
            return try tensors(input.rowCount, shape: shape, function: "one_hot") { row, result in
                let place = input.columns[0].int(row)
                guard place >= 0, place < result.count else {
                    throw EvaluationError(
                        row: row,
                        .invalidArgument(function: "one_hot", "place \(place) is outside of 0 to \(result.count - 1)"))
                }
                result[Int(place)] = 1
            }
        }),
]

private func pairFunction(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample,
    _ rule: @escaping @Sendable (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Double,
    lower: (@Sendable (inout any TensorLowering, TensorHandle, TensorHandle) throws -> TensorHandle)? = nil
) -> Function {
    var lowering: TensorLoweringRule?
    if let lower {
        lowering = { graph, arguments in
            guard case .tensor(let a) = arguments[0], case .tensor(let b) = arguments[1] else { return nil }
            return try lower(&graph, a, b)
        }
    }
    return Function(
        name, aliases: aliases, "(a vector, b vector) -> float", doc: doc, example: example,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            let a = try wantVector(arguments, 0)
            let b = try wantVector(arguments, 1)
            guard a.unified(with: b) != nil else {
                throw TypeMismatch("lengths differ: \(arguments.types[0].text) and \(arguments.types[1].text)")
            }
            return Resolution([a, b], .float)
        },
        lower: lowering,
        evaluate: { input in
            let a = FloatRows(input.columns[0])
            let b = FloatRows(input.columns[1])
            guard a.size == b.size else {
                throw EvaluationError(row: 0, .shape(function: name, "lengths differ: \(a.size) and \(b.size)"))
            }
            return floats(input.rowCount) { rule(a[$0], b[$0]) }
        })
}

/// One float from the elements; with `ofLists` also from a list of numbers, whose nulls are left out.
private func foldFunction(
    _ name: String, _ doc: String, _ example: FunctionExample, ofLists: Bool = true,
    _ rule: @escaping @Sendable ([Double]) -> Double,
    lower: (@Sendable (inout any TensorLowering, TensorHandle) throws -> TensorHandle)? = nil
) -> Function {
    var lowering: TensorLoweringRule?
    if let lower {
        lowering = { graph, arguments in
            guard case .tensor(let x) = arguments[0] else { return nil }
            guard case .tensor(_, let dims) = graph.type(of: x), dims.count == 1 else { return nil }
            return try lower(&graph, x)
        }
    }
    return Function(
        name, "(x vector) -> float", doc: doc, example: example,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            if ofLists, case .list(let element) = arguments.types[0], element.isNumeric || element == .null {
                return Resolution([.list(.float)], .float)
            }
            return Resolution([try wantVector(arguments, 0)], .float)
        },
        lower: lowering,
        evaluate: { input in
            var builder = ColumnBuilder(.float)
            if case .list = input.columns[0].type {
                for row in 0..<input.rowCount {
                    let items = input.columns[0].list(row)
                    let values = (0..<items.count).filter { !items.isNull($0) }.map { items.float($0) }
                    if values.isEmpty { builder.appendNull() } else { builder.append(float: rule(values)) }
                }
                return builder.finish()
            }
            let rows = FloatRows(input.columns[0])
            guard rows.size > 0 else { return .nulls(.float, count: input.rowCount) }
            return floats(input.rowCount) { rule(rows[$0].map { Double($0) }) }
        })
}

/// Along the last dimension of a tensor.
private func vectorChange(
    _ name: String, _ doc: String, _ example: FunctionExample,
    _ rule: @escaping @Sendable (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void,
    lower: @escaping @Sendable (inout any TensorLowering, TensorHandle) throws -> TensorHandle
) -> Function {
    Function(
        name, "(x vector) -> vector", doc: doc, example: example,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1)
            let type = try wantVector(arguments, 0)
            return Resolution([type], type)
        },
        lower: { graph, arguments in
            guard case .tensor(let x) = arguments[0] else { return nil }
            return try lower(&graph, x)
        },
        evaluate: { input in
            let rows = FloatRows(input.columns[0])
            return try tensors(input.rowCount, shape: rows.shape, function: name) { rule(rows[$0], $1) }
        })
}
