import MartletKernels
import MartletTensor

extension BinaryOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let left = try operand(inputs, 0, context)
        var right = try operand(inputs, 1, context)
        if left.dtype != right.dtype {
            guard kind == .pow else { throw context.invalid(self, inputs, "the inputs differ in type") }
            right = try right.converted(to: left.dtype)
        }
        guard let shape = broadcastShape([left.shape, right.shape]) else {
            throw context.invalid(self, inputs, "the shapes do not go together")
        }
        let result = try context.output(0, left.dtype, shape)
        let x = try detached(left, from: result)
        let y = try detached(right, from: result)
        try apply(x, y, into: result) { context.invalid(self, inputs, $0) }
        return [result]
    }

    /// Computes into a tensor of the broadcast shape, which may be an operand of that shape. `failure` words an error.
    func apply(
        _ x: Tensor, _ y: Tensor, into result: Tensor,
        failure: (String) -> GraphError = { .invalidInput(op: name, node: "", shapes: [], reason: $0) }
    ) throws {
        if x.dtype == .float32 || x.dtype == .float64 {
            guard let kernel = kind.kernel else { throw failure("\(kind.rawValue) does not take \(x.dtype.name)") }
            if x.dtype == .float32 {
                Self.applyFloats(kernel, x, y, result)
            } else {
                Self.apply(kernel, x, y, result)
            }
            return
        }
        switch try visitInteger(x.dtype, Integers(op: self, x: x, y: y, result: result)) {
        case nil: throw failure("\(kind.rawValue) does not take \(x.dtype.name)")
        case false?: throw failure("division by zero")
        default: break
        }
    }

    /// The float32 case; a right side that repeats on each row goes through in one call.
    private static func applyFloats(_ kernel: Kernels.BinaryOp, _ x: Tensor, _ y: Tensor, _ result: Tensor) {
        let columns = y.count
        if x.shape == result.shape, columns > 1, columns < result.count, !y.shape.contains(0),
            Array(y.shape.drop { $0 == 1 }) == Array(x.shape.suffix(y.shape.drop { $0 == 1 }.count))
        {
            Kernels.binaryRows(
                kernel, x.floats, y.floats, into: result.mutableFloats, rows: result.count / columns, columns: columns)
        } else {
            apply(kernel, x, y, result)
        }
    }

    private static func apply(_ kernel: Kernels.BinaryOp, _ x: Tensor, _ y: Tensor, _ result: Tensor) {
        let loop = BroadcastLoop([x.shape, y.shape], output: result.shape)
        let size = result.dtype.size
        loop.forEachRow { output, offsets in
            _ = Kernels.binary(
                kernel, type: result.dtype.element, x.pointer + offsets[0] * size, xStep: loop.step(0),
                y.pointer + offsets[1] * size, yStep: loop.step(1), into: result.pointer + output * size,
                count: loop.rowLength)
        }
    }

    /// False if a divisor is zero.
    private struct Integers: IntegerVisitor {
        let op: BinaryOp
        let x: Tensor
        let y: Tensor
        let result: Tensor

        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) -> Bool {
            switch op.kind {
            case .add: zipElements(x, y, result) { (a: T, b: T) in a &+ b }
            case .sub: zipElements(x, y, result) { (a: T, b: T) in a &- b }
            case .mul: zipElements(x, y, result) { (a: T, b: T) in a &* b }
            case .min: zipElements(x, y, result) { (a: T, b: T) in Swift.min(a, b) }
            case .max: zipElements(x, y, result) { (a: T, b: T) in Swift.max(a, b) }
            case .bitAnd: zipElements(x, y, result) { (a: T, b: T) in a & b }
            case .bitOr: zipElements(x, y, result) { (a: T, b: T) in a | b }
            case .bitXor: zipElements(x, y, result) { (a: T, b: T) in a ^ b }
            case .shiftLeft: zipElements(x, y, result) { (a: T, b: T) in Self.isShift(b) ? a &<< b : 0 }
            case .shiftRight:
                zipElements(x, y, result) { (a: T, b: T) in Self.isShift(b) ? a &>> b : (a < 0 ? 0 &- 1 : 0) }
            case .pow: zipElements(x, y, result) { (a: T, b: T) in power(a, b) }
            case .atan2: return false
            case .div, .mod, .fmod:
                if y.elements(T.self).contains(0), result.count > 0 { return false }
                switch op.kind {
                case .div: zipElements(x, y, result) { (a: T, b: T) in a.dividedReportingOverflow(by: b).partialValue }
                case .fmod:
                    zipElements(x, y, result) { (a: T, b: T) in a.remainderReportingOverflow(dividingBy: b).partialValue
                    }
                default:
                    zipElements(x, y, result) { (a: T, b: T) in
                        let remainder = a.remainderReportingOverflow(dividingBy: b).partialValue
                        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
                    }
                }
            }
            return true
        }

        /// Whether a shift by this many bits leaves any; negative ones count as too far.
        private static func isShift<T: FixedWidthInteger>(_ bits: T) -> Bool { bits >= 0 && bits < T.bitWidth }

        /// Wrapping; 0 for a negative exponent of anything but 1 and -1.
        private func power<T: FixedWidthInteger>(_ base: T, _ exponent: T) -> T {
            guard exponent >= 0 else {
                if base == 1 { return 1 }
                return base &+ 1 == 0 ? (exponent & 1 == 0 ? 1 : base) : 0
            }
            var (result, factor, rest) = (T(1), base, exponent)
            while rest > 0 {
                if rest & 1 == 1 { result = result &* factor }
                factor = factor &* factor
                rest >>= 1
            }
            return result
        }
    }
}

extension BinaryOp.Kind {
    /// The kernel of the same name; none for bits.
    var kernel: Kernels.BinaryOp? {
        switch self {
        case .add: .add
        case .sub: .sub
        case .mul: .mul
        case .div: .div
        case .pow: .pow
        case .min: .min
        case .max: .max
        case .mod: .mod
        case .fmod: .fmod
        case .atan2: .atan2
        case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: nil
        }
    }
}
