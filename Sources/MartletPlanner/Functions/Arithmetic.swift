import MartletData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `+ - * / // %` and unary minus. Int stays int and overflow is an error; `/` is always float; `//` cuts towards zero and
/// `%` has the dividend's sign, as in DuckDB. Dividing by zero is an error. With a tensor on either side: elementwise in
/// float32 by IEEE rules, a number meeting each element.
let arithmeticFunctions: [Function] = [
    arithmetic(
        "+", "sum", FunctionExample("2 + 3", gives: "5"), .add, ints: { $0.addingReportingOverflow($1) },
        floats: { $0 + $1 }),
    arithmetic(
        "-", "difference", FunctionExample("2 - 3.5", gives: "-1.5"), .subtract,
        ints: { $0.subtractingReportingOverflow($1) }, floats: { $0 - $1 }),
    arithmetic(
        "*", "product", FunctionExample("6 * 7", gives: "42"), .multiply,
        ints: { $0.multipliedReportingOverflow(by: $1) },
        floats: { $0 * $1 }),
    arithmetic("/", "quotient as a float", FunctionExample("7 / 2", gives: "3.5"), .divide, floats: { $0 / $1 }),
    arithmetic(
        "//", "quotient cut towards zero", FunctionExample("-7 // 2", gives: "-3"),
        ints: { $0.dividedReportingOverflow(by: $1) }, floats: { ($0 / $1).rounded(.towardZero) }),
    arithmetic(
        "%", aliases: ["mod"], "remainder of `//`, with the sign of the dividend",
        FunctionExample("-7 % 2", gives: "-1"), ints: { $0.remainderReportingOverflow(dividingBy: $1) },
        floats: { fmod($0, $1) }),
    negation,
]

private let negation = Function(
    "negate", "-x -> as x", doc: "the value with the opposite sign", example: FunctionExample("-(2 + 3)", gives: "-5"),
    resolve: { arguments throws(TypeMismatch) in
        try checkCount(arguments, 1...1)
        if case .tensor = arguments.types[0] {
            let type = try wantTensor(arguments, 0)
            return Resolution([type], type)
        }
        return try takesNumber(arguments)
    },
    lower: { graph, arguments in
        guard case .tensor(let x) = arguments[0] else { return nil }
        return try graph.unary(.negate, x)
    },
    evaluate: { input in
        switch input.columns[0].type {
        case .int:
            return try input.columns[0].withInts { x in
                try ints(input.rowCount) { row in
                    guard x[row] != .min else { throw EvaluationError(row: row, .overflow("-(\(x[row]))")) }
                    return -x[row]
                }
            }
        case .float: return input.columns[0].withFloats { x in floats(input.rowCount) { -x[$0] } }
        default:
            let rule: (Float) -> Float = { -$0 }
            return try elementwise(input, "-", rule)
        }
    })

private func arithmetic(
    _ name: String, aliases: [String] = [], _ doc: String, _ example: FunctionExample, _ tensorOp: TensorBinary? = nil,
    ints intRule: (@Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool))? = nil,
    floats floatRule: @escaping @Sendable (Double, Double) -> Double
) -> Function {
    var lower: TensorLoweringRule?
    if let tensorOp { lower = { graph, arguments in try lowerBinary(tensorOp, &graph, arguments) } }
    return Function(
        name, aliases: aliases, "a \(name) b", doc: doc, example: example,
        runsOverNulls: { types in types.allSatisfy { $0 == .float } && !divides(name) },
        resolve: { arguments throws(TypeMismatch) in
            try checkCount(arguments, 2...2)
            return try resolveArithmetic(arguments, intsStayInts: intRule != nil)
        },
        lower: lower,
        evaluate: { input in
            switch input.type {
            case .int:
                guard let intRule else { preconditionFailure("bug: \(name) of ints") }
                return try intArithmetic(input, name, intRule)
            case .float: return try floatArithmetic(input, name, floatRule)
            default:
                let rule: (Float, Float) -> Float = { Float(floatRule(Double($0), Double($1))) }
                return try elementwise(input, name, rule)
            }
        })
}

private func divides(_ name: String) -> Bool { name == "/" || name == "//" || name == "%" }

private func intArithmetic(
    _ input: FunctionInput, _ name: String, _ rule: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
) throws -> Column {
    let divides = divides(name)
    return try input.columns[0].withInts { x in
        try input.columns[1].withInts { y in
            try ints(input.rowCount) { row in
                if divides, y[row] == 0 { throw EvaluationError(row: row, .divisionByZero("\(x[row]) \(name) 0")) }
                // The remainder of the least int by -1 is 0, though its quotient overflows.
                if name == "%", y[row] == -1 { return 0 }
                let (value, overflow) = rule(x[row], y[row])
                guard !overflow else { throw EvaluationError(row: row, .overflow("\(x[row]) \(name) \(y[row])")) }
                return value
            }
        }
    }
}

private func floatArithmetic(_ input: FunctionInput, _ name: String, _ rule: (Double, Double) -> Double) throws
    -> Column
{
    let divides = divides(name)
    return try input.columns[0].withFloats { x in
        try input.columns[1].withFloats { y in
            try floats(input.rowCount) { row in
                if divides, y[row] == 0 {
                    throw EvaluationError(row: row, .divisionByZero("\(x[row].shortestText) \(name) 0"))
                }
                return rule(x[row], y[row])
            }
        }
    }
}

/// Numbers by unification, tensors of matching shape, or a tensor and a number.
func resolveArithmetic(_ arguments: FunctionArguments, intsStayInts: Bool) throws(TypeMismatch) -> Resolution {
    let isTensor = arguments.types.map { if case .tensor = $0 { true } else { false } }
    if isTensor.contains(true) {
        var types: [DataType] = []
        for position in 0..<2 {
            if arguments.types[position].isNumeric || arguments.types[position] == .null {
                types.append(.float)
            } else {
                types.append(try wantTensor(arguments, position))
            }
        }
        let shapes = types.filter { $0 != .float }
        guard shapes.count == 2 else { return Resolution(types, shapes[0]) }
        guard let type = shapes[0].unified(with: shapes[1]) else {
            throw TypeMismatch("shapes differ: \(arguments.types[0].text) and \(arguments.types[1].text)")
        }
        return Resolution(types, type)
    }
    for position in 0..<2 where arguments.types[position] != .null && !arguments.types[position].isNumeric {
        throw TypeMismatch(
            argument: position, "wants a number, got \(arguments.types[position].text)", wanted: .float)
    }
    let isInt = intsStayInts && !arguments.types.contains(.float)
    let type: DataType = isInt ? .int : .float
    return Resolution([type, type], type)
}

func lowerBinary(_ op: TensorBinary, _ graph: inout any TensorLowering, _ arguments: [LoweringArgument]) throws
    -> TensorHandle?
{
    guard arguments.count == 2 else { return nil }
    var handles: [TensorHandle] = []
    for argument in arguments {
        switch argument {
        case .tensor(let handle): handles.append(handle)
        case .constant(let value):
            guard let number = number(value) else { return nil }
            handles.append(try graph.constant(number))
        }
    }
    return try graph.binary(op, handles[0], handles[1])
}
