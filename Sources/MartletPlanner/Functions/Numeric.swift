import MartletData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Functions of numbers. Those of one float work on each element of a tensor too.
let numericFunctions: [Function] = [
    floatFunction("sqrt", "square root", FunctionExample("sqrt(9)", gives: "3.0"), .sqrt) { $0.squareRoot() },
    floatFunction("exp", "e to the power of x", FunctionExample("exp(0)", gives: "1.0"), .exp) { exp($0) },
    floatFunction("ln", "natural logarithm", FunctionExample("ln(1)", gives: "0.0"), .ln) { log($0) },
    floatFunction("log2", "logarithm to base 2", FunctionExample("log2(8)", gives: "3.0")) { log2($0) },
    floatFunction("log10", aliases: ["log"], "logarithm to base 10", FunctionExample("log10(100)", gives: "2.0")) {
        log10($0)
    },
    floatFunction("cbrt", "cube root", FunctionExample("round(cbrt(27), 9)", gives: "3.0")) { cbrt($0) },
    floatFunction("sin", "sine of radians", FunctionExample("sin(0)", gives: "0.0")) { sin($0) },
    floatFunction("cos", "cosine of radians", FunctionExample("cos(0)", gives: "1.0")) { cos($0) },
    floatFunction("tan", "tangent of radians", FunctionExample("tan(0)", gives: "0.0")) { tan($0) },
    floatFunction("asin", "arc sine in radians", FunctionExample("asin(0)", gives: "0.0")) { asin($0) },
    floatFunction("acos", "arc cosine in radians", FunctionExample("acos(1)", gives: "0.0")) { acos($0) },
    floatFunction("atan", "arc tangent in radians", FunctionExample("atan(0)", gives: "0.0")) { atan($0) },
    floatFunction("tanh", "hyperbolic tangent", FunctionExample("tanh(0)", gives: "0.0"), .tanh) { tanh($0) },
    floatFunction("degrees", "radians as degrees", FunctionExample("degrees(0)", gives: "0.0")) { $0 * (180 / .pi) },
    floatFunction("radians", "degrees as radians", FunctionExample("radians(0)", gives: "0.0")) { $0 * (.pi / 180) },
    floatFunction("sigmoid", "1 / (1 + e^-x)", FunctionExample("sigmoid(0)", gives: "0.5"), .sigmoid) {
        1 / (1 + exp(-$0))
    },
    floatFunction("relu", "x where positive, else 0", FunctionExample("relu(-2)", gives: "0.0"), .relu) { max($0, 0) },
    Function(
        "abs", "(x) -> as x", doc: "the value without its sign", example: FunctionExample("abs(-3)", gives: "3"),
        resolve: { arguments throws(TypeMismatch) in
            if arguments.count == 1, case .tensor = arguments.types[0] { return try takesFloatOrTensor(arguments) }
            return try takesNumber(arguments)
        },
        lower: { graph, arguments in
            guard case .tensor(let x) = arguments[0] else { return nil }
            return try graph.unary(.abs, x)
        },
        evaluate: { input in
            let x = input.columns[0]
            switch x.type {
            case .int:
                return try ints(input.rowCount) { row in
                    let value = x.int(row)
                    guard value != .min else { throw EvaluationError(row: row, .overflow("abs(\(value))")) }
                    return abs(value)
                }
            case .float: return x.withFloats { x in floats(input.rowCount) { abs(x[$0]) } }
            default:
                let rule: (Float) -> Float = { abs($0) }
                return try elementwise(input, "abs", rule)
            }
        }),
    Function(
        "sign", "(x float) -> int", doc: "-1, 0 or 1", example: FunctionExample("sign(-2.5)", gives: "-1"),
        resolve: takes([.float], gives: .int),
        evaluate: { input in
            input.columns[0].withFloats { x in ints(input.rowCount) { x[$0] > 0 ? 1 : x[$0] < 0 ? -1 : 0 } }
        }),
    roundingFunction("floor", "the whole number below", FunctionExample("floor(-1.5)", gives: "-2.0")) {
        $0.rounded(.down)
    },
    roundingFunction(
        "ceil", aliases: ["ceiling"], "the whole number above", FunctionExample("ceil(1.2)", gives: "2.0")
    ) { $0.rounded(.up) },
    roundingFunction("trunc", "the whole part", FunctionExample("trunc(-1.7)", gives: "-1.0")) {
        $0.rounded(.towardZero)
    },
    Function(
        "round", "(x [, digits int]) -> as x", doc: "rounded to digits after the point, halves away from zero",
        example: FunctionExample("round(2.345, 2)", gives: "2.35"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...2)
            let type = arguments.types[0]
            guard type == .null || type.isNumeric else { throw wrongType(0, wanted: .float, got: type) }
            if arguments.count == 2, !converts(arguments.types[1], to: .int) {
                throw wrongType(1, wanted: .int, got: arguments.types[1])
            }
            return Resolution([type] + arguments.types.dropFirst().map { _ in .int }, type)
        },
        evaluate: { input in
            let x = input.columns[0]
            func digits(_ row: Int) -> Int64 { input.columns.count > 1 ? input.columns[1].int(row) : 0 }
            if x.type == .int {
                return try ints(input.rowCount) { try roundInt(x.int($0), digits: digits($0), row: $0) }
            }
            return floats(input.rowCount) { row in
                let value = x.float(row)
                let digits = max(-400, min(400, digits(row)))
                let scale = pow(10, Double(abs(digits)))
                let rounded = digits >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
                return rounded.isFinite ? rounded : digits >= 0 ? value : 0
            }
        }),
    Function(
        "pow", aliases: ["power"], "(x float, y float) -> float", doc: "x to the power of y",
        example: FunctionExample("pow(2, 10)", gives: "1024.0"), resolve: takes([.float, .float], gives: .float),
        evaluate: { input in floats(input.rowCount) { pow(input.columns[0].float($0), input.columns[1].float($0)) } }),
    Function(
        "atan2", "(y float, x float) -> float", doc: "angle of a point in radians",
        example: FunctionExample("atan2(0, 1)", gives: "0.0"), resolve: takes([.float, .float], gives: .float),
        evaluate: { input in floats(input.rowCount) { atan2(input.columns[0].float($0), input.columns[1].float($0)) } }),
    Function(
        "pi", "() -> float", doc: "the ratio of a circle's circumference to its diameter",
        example: FunctionExample("round(pi(), 4)", gives: "3.1416"), resolve: takes([], gives: .float),
        evaluate: { input in floats(input.rowCount) { _ in .pi } }),
    Function(
        "isnan", "(x float) -> bool", doc: "whether the value is not a number",
        example: FunctionExample("isnan('nan'::float)", gives: "true"), resolve: takes([.float], gives: .bool),
        evaluate: { input in bools(input.rowCount) { input.columns[0].float($0).isNaN } }),
    Function(
        "isfinite", "(x float) -> bool", doc: "whether the value is neither infinite nor NaN",
        example: FunctionExample("isfinite(1.5)", gives: "true"), resolve: takes([.float], gives: .bool),
        evaluate: { input in bools(input.rowCount) { input.columns[0].float($0).isFinite } }),
    extremeFunction(
        "greatest", "the greatest of the values", FunctionExample("greatest(1, null, 3)", gives: "3"), sign: 1),
    extremeFunction("least", "the least of the values", FunctionExample("least(1, null, 3)", gives: "1"), sign: -1),
    Function(
        "clamp", "(x, low, high) -> as x", doc: "x, but no less than low and no more than high",
        example: FunctionExample("clamp(12, 0, 10)", gives: "10"),
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 3...3)
            for (position, type) in arguments.types.enumerated() where type != .null && !type.isNumeric {
                throw wrongType(position, wanted: .float, got: type)
            }
            let type: DataType = arguments.types.contains(.float) ? .float : .int
            return Resolution([type, type, type], type)
        },
        evaluate: { input in
            if input.type == .int {
                return ints(input.rowCount) { row in
                    max(input.columns[1].int(row), min(input.columns[2].int(row), input.columns[0].int(row)))
                }
            }
            return floats(input.rowCount) { row in
                let x = input.columns[0].float(row)
                let high = input.columns[2].float(row)
                let low = input.columns[1].float(row)
                let capped = order(x, high) > 0 ? high : x
                return order(capped, low) < 0 ? low : capped
            }
        }),
    Function(
        "nullif", "(a, b) -> as a", doc: "a, or null where it equals b",
        example: FunctionExample("nullif(3, 4)", gives: "3"),
        isStrict: false,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            guard let type = arguments.types[0].unified(with: arguments.types[1]) else {
                throw TypeMismatch("cannot compare \(arguments.types[0].text) with \(arguments.types[1].text)")
            }
            return Resolution([type, type], type)
        },
        evaluate: { input in
            let a = input.columns[0]
            let same = RowEquality(a, input.columns[1])
            return a.gather((0..<input.rowCount).map { a.isNull($0) || same.areEqual($0) ? -1 : $0 })
        }),
    Function(
        "hash", "(value, …) -> int", doc: "a number from the values that is the same on every machine, at least 0",
        example: FunctionExample("hash('a') = hash('a')", gives: "true"), isStrict: false,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...100)
            return Resolution(arguments.types, .int)
        },
        evaluate: { input in
            ints(input.rowCount) { row in
                var hash = StableHash()
                for column in input.columns { hash.combine(column.value(row)) }
                return Int64(bitPattern: hash.finish() >> 1)
            }
        }),
]

private func floatFunction(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample, _ op: TensorUnary? = nil,
    _ rule: @escaping @Sendable (Double) -> Double
) -> Function {
    var lower: TensorLoweringRule?
    if let op {
        lower = { graph, arguments in
            guard case .tensor(let x) = arguments[0] else { return nil }
            return try graph.unary(op, x)
        }
    }
    return Function(
        name, aliases: aliases, "(x float | tensor) -> as x", doc: doc, example: example, resolve: takesFloatOrTensor,
        lower: lower,
        evaluate: { input in
            if case .tensor = input.columns[0].type {
                let each: (Float) -> Float = { Float(rule(Double($0))) }
                return try elementwise(input, name, each)
            }
            return input.columns[0].withFloats { x in floats(input.rowCount) { rule(x[$0]) } }
        })
}

private func roundingFunction(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample,
    _ rule: @escaping @Sendable (Double) -> Double
) -> Function {
    Function(
        name, aliases: aliases, "(x) -> as x", doc: doc, example: example, resolve: takesNumber,
        evaluate: { input in
            if input.columns[0].type == .int { return input.columns[0] }
            return input.columns[0].withFloats { x in floats(input.rowCount) { rule(x[$0]) } }
        })
}

private func extremeFunction(_ name: String, _ doc: String, _ example: FunctionExample, sign: Int) -> Function {
    Function(
        name, "(a, b, …) -> as a", doc: doc + ", leaving out nulls", example: example, isStrict: false,
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 1...1_000)
            var type = arguments.types[0]
            for (position, next) in arguments.types.enumerated() {
                guard let both = type.unified(with: next) else { throw wrongType(position, wanted: type, got: next) }
                type = both
            }
            guard type == .null || type.isOrdered else {
                throw TypeMismatch("values of type \(type.text) have no order")
            }
            return Resolution(arguments.types.map { _ in type }, type)
        },
        evaluate: { input in
            var builder = ColumnBuilder(input.type)
            for row in 0..<input.rowCount {
                var best = Value.null
                for column in input.columns where !column.isNull(row) {
                    let value = column.value(row)
                    if best.isNull || order(value, best) * sign > 0 { best = value }
                }
                builder.append(best)
            }
            return builder.finish()
        })
}

private func roundInt(_ value: Int64, digits: Int64, row: Int) throws -> Int64 {
    guard digits < 0 else { return value }
    guard digits > -19 else { return 0 }
    var scale: Int64 = 1
    for _ in 0..<(-digits) { scale *= 10 }
    let rest = value % scale
    let down = value - rest
    guard abs(rest) >= scale - abs(rest) else { return down }
    let (rounded, overflow) = down.addingReportingOverflow(value < 0 ? -scale : scale)
    guard !overflow else { throw EvaluationError(row: row, .overflow("round(\(value), \(digits))")) }
    return rounded
}

/// FNV-1a over a canonical byte form, with a final mix (the 64-bit finalizer of MurmurHash3).
struct StableHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

    mutating func combine(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            combine(byte: UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    mutating func combine(_ value: Value) {
        switch value {
        case .null: combine(byte: 0)
        case .bool(let x): combine(byte: x ? 2 : 1)
        case .int(let x), .timestamp(let x):
            combine(byte: 3)
            combine(UInt64(bitPattern: x))
        case .float(let x):
            combine(byte: 4)
            combine((x.isNaN ? .nan : x + 0).bitPattern)
        case .string(let x):
            combine(byte: 5)
            for byte in x.utf8 { combine(byte: byte) }
        case .bytes(let x):
            combine(byte: 6)
            for byte in x { combine(byte: byte) }
        case .list(let items):
            combine(byte: 7)
            for item in items { combine(item) }
        case .structure(let fields):
            combine(byte: 8)
            for field in fields { combine(field.value) }
        case .tensor(let tensor):
            combine(byte: 9)
            for index in 0..<tensor.count { combine(tensor.element(at: index)) }
        }
    }

    func finish() -> UInt64 {
        var x = state
        x = (x ^ (x >> 33)) &* 0xff51_afd7_ed55_8ccd
        x = (x ^ (x >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return x ^ (x >> 33)
    }
}
