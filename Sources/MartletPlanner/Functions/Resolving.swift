import MartletData

/// Whether a value of type `from` stands where `to` is wanted without a cast: null for anything, int for float, a label set
/// for string, a constant list of numbers for a vector of its length, known dimensions for open ones.
package func converts(_ from: DataType, to: DataType) -> Bool {
    if from == to || from == .null { return true }
    switch (from, to) {
    case (.int, .float), (.labels, .string): return true
    case (.list(let a), .list(let b)): return converts(a, to: b)
    case (.tensor(let a, let x), .tensor(let b, let y)):
        return a == b && x.count == y.count
            && zip(x, y).allSatisfy { from, to in to.size == nil || from.size == nil || from == to }
    default: return false
    }
}

typealias Resolve = @Sendable (FunctionArguments) throws(TypeMismatch) -> Resolution

/// Parameters of given types, of which the last `optional` may be left out.
func takes(_ types: [DataType], optional: Int = 0, gives result: DataType) -> Resolve {
    { arguments throws(TypeMismatch) in
        try checkCount(arguments, (types.count - optional)...types.count)
        for (position, type) in arguments.types.enumerated() where !converts(type, to: types[position]) {
            throw wrongType(position, wanted: types[position], got: type)
        }
        return Resolution(Array(types.prefix(arguments.count)), result)
    }
}

func checkCount(_ arguments: FunctionArguments, _ counts: ClosedRange<Int>) throws(TypeMismatch) {
    guard !counts.contains(arguments.count) else { return }
    let wanted =
        counts.lowerBound == counts.upperBound
        ? "\(counts.lowerBound) argument\(counts.lowerBound == 1 ? "" : "s")"
        : counts.upperBound > 100
            ? "at least \(counts.lowerBound) argument\(counts.lowerBound == 1 ? "" : "s")"
            : "\(counts.lowerBound) to \(counts.upperBound) arguments"
    throw TypeMismatch("takes \(wanted), got \(arguments.count)")
}

func wrongType(_ position: Int, wanted: DataType, got: DataType) -> TypeMismatch {
    TypeMismatch(argument: position, "wants \(wanted.text), got \(got.text)", wanted: wanted)
}

/// One number, int staying int.
let takesNumber: Resolve = { arguments throws(TypeMismatch) in
    try checkCount(arguments, 1...1)
    let type = arguments.types[0]
    guard type == .null || type.isNumeric else { throw wrongType(0, wanted: .float, got: type) }
    return Resolution([type], type)
}

/// A function of one number or of each element of a float tensor.
let takesFloatOrTensor: Resolve = { arguments throws(TypeMismatch) in
    try checkCount(arguments, 1...1)
    if let vector = vectorType(arguments, 0), case .tensor = arguments.types[0] { return Resolution([vector], vector) }
    guard converts(arguments.types[0], to: .float) else {
        throw wrongType(0, wanted: .float, got: arguments.types[0])
    }
    return Resolution([.float], .float)
}

/// The type under which argument `position` is a float32 tensor: a tensor, or a constant list of numbers.
func vectorType(_ arguments: FunctionArguments, _ position: Int) -> DataType? {
    switch arguments.types[position] {
    case .tensor(let dtype, let dims):
        return dtype.isFloat || dtype.isInteger ? .tensor(.float32, dims) : nil
    case .list(let element) where element.isNumeric:
        guard case .list(let items)? = arguments.constants[position], !items.contains(where: \.isNull) else {
            return nil
        }
        return .tensor(.float32, shape: [items.count])
    default: return nil
    }
}

/// As `vectorType`, with exactly one dimension; throws what is wrong otherwise.
func wantVector(_ arguments: FunctionArguments, _ position: Int) throws(TypeMismatch) -> DataType {
    if case .null = arguments.types[position] { return .null }
    guard let type = vectorType(arguments, position), case .tensor(_, let dims) = type, dims.count == 1 else {
        let got = arguments.types[position]
        if case .list = got {
            throw TypeMismatch(
                argument: position, "wants a vector, got \(got.text)", help: "cast it, such as `::float[3]`")
        }
        throw TypeMismatch(argument: position, "wants a vector, got \(got.text)")
    }
    return type
}

/// As `vectorType`, throwing what is wrong.
func wantTensor(_ arguments: FunctionArguments, _ position: Int) throws(TypeMismatch) -> DataType {
    if case .null = arguments.types[position] { return .null }
    guard let type = vectorType(arguments, position) else {
        throw TypeMismatch(argument: position, "wants a tensor, got \(arguments.types[position].text)")
    }
    return type
}
