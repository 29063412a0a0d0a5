import MartletTensor

/// Arithmetic of two tensors with broadcasting. Inputs: x, y of one dtype (`pow` lets y differ); the result has x's.
///
/// `mod` takes the sign of the divisor, `fmod` that of the dividend. Integers wrap; integer division truncates, and
/// division by zero is an error.
package struct BinaryOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable {
        case add, sub, mul, div, pow, min, max, mod, fmod, atan2
        case bitAnd, bitOr, bitXor, shiftLeft, shiftRight

        var takesIntegersOnly: Bool {
            switch self {
            case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: true
            default: false
            }
        }
    }

    package static let name = "Binary"
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }
    package var inPlaceInputs: [Int] { [0, 1] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let y = try operand(inputs, 1)
        if kind != .pow { _ = try requireSameDType(inputs, [x, y]) }
        guard x.type.dtype != .bool, y.type.dtype != .bool else {
            throw impossible(inputs, "\(kind.rawValue) does not take bool")
        }
        guard !kind.takesIntegersOnly || x.type.dtype.isInteger else {
            throw impossible(inputs, "\(kind.rawValue) takes integers only")
        }
        guard kind != .atan2 || x.type.dtype.isFloat else { throw impossible(inputs, "atan2 takes floats only") }
        return [ValueType(x.type.dtype, try broadcastType(inputs, of: [x, y]))]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard inputs.count == 2, let x = inputs[0], let y = inputs[1], x.type.dtype.isInteger,
            let (left, right) = alignedIntegers(x, y)
        else { return nil }
        return zip(left, right).map { a, b in
            switch kind {
            case .add: return a + b
            case .sub: return a - b
            case .mul: return a * b
            case .div: return a / b
            case .max, .min:
                if a.isSame(as: b) { return a }
                guard let x = a.fixedValue, let y = b.fixedValue else { return .unknown }
                return .fixed(kind == .max ? Swift.max(x, y) : Swift.min(x, y))
            case .mod:
                guard let x = a.fixedValue, let y = b.fixedValue, y > 0 else { return .unknown }
                let remainder = x % y
                return .fixed(remainder < 0 ? remainder + y : remainder)
            default: return .unknown
            }
        }
    }
}

/// The elements of two small integer tensors, broadcast to one length; nil if they are not known or do not fit.
func alignedIntegers(_ x: InputInfo, _ y: InputInfo) -> ([Dim], [Dim])? {
    guard let a = x.integers, let b = y.integers else { return nil }
    if a.count == b.count { return (a, b) }
    if a.count == 1, let first = a.first { return ([Dim](repeating: first, count: b.count), b) }
    if b.count == 1, let first = b.first { return (a, [Dim](repeating: first, count: a.count)) }
    return nil
}
