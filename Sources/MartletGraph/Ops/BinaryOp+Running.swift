import MartletTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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
        switch left.dtype {
        case .float32: zipElements(x, y, result) { (a: Float, b: Float) in Float(real(Double(a), Double(b))) }
        case .float64: zipElements(x, y, result, real)
        default:
            let isDone = try visitInteger(left.dtype, Integers(op: self, x: x, y: y, result: result))
            switch isDone {
            case nil: throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(left.dtype.name)")
            case false?: throw context.invalid(self, inputs, "division by zero")
            default: break
            }
        }
        return [result]
    }

    private func real(_ a: Double, _ b: Double) -> Double {
        switch kind {
        case .add: a + b
        case .sub: a - b
        case .mul: a * b
        case .div: a / b
        case .pow: pow(a, b)
        case .min: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
        case .max: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
        case .mod:
            {
                let remainder = fmod(a, b)
                return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
            }()
        case .fmod: fmod(a, b)
        case .atan2: atan2(a, b)
        case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: .nan
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
            case .shiftLeft: zipElements(x, y, result) { (a: T, b: T) in a << b }
            case .shiftRight: zipElements(x, y, result) { (a: T, b: T) in a >> b }
            case .pow: zipElements(x, y, result) { (a: T, b: T) in power(a, b) }
            case .atan2: return false
            case .div, .mod, .fmod:
                if y.elements(T.self).contains(0), result.count > 0 { return false }
                switch op.kind {
                case .div: zipElements(x, y, result) { (a: T, b: T) in a.dividedReportingOverflow(by: b).partialValue }
                case .fmod: zipElements(x, y, result) { (a: T, b: T) in a.remainderReportingOverflow(dividingBy: b).partialValue }
                default:
                    zipElements(x, y, result) { (a: T, b: T) in
                        let remainder = a.remainderReportingOverflow(dividingBy: b).partialValue
                        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
                    }
                }
            }
            return true
        }

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
