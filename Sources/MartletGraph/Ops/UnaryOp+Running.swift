import MartletTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension UnaryOp {
    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        let result = try context.output(0, operand.dtype, operand.shape)
        let x = try detached(operand, from: result)
        switch x.dtype {
        case .float32: mapElements(x, result) { (a: Float) in Float(evaluate(Double(a))) }
        case .float64: mapElements(x, result, evaluate)
        default:
            guard kind.takesIntegers, try visitInteger(x.dtype, Integers(op: self, x: x, result: result)) != nil else {
                throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(x.dtype.name)")
            }
        }
        return [result]
    }

    private struct Integers: IntegerVisitor {
        let op: UnaryOp
        let x: Tensor
        let result: Tensor

        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) {
            mapElements(x, result) { (a: T) in
                switch op.kind {
                case .neg: 0 &- a
                case .abs: a < 0 ? 0 &- a : a
                case .sign: a == 0 ? 0 : (a < 0 ? 0 &- 1 : 1)
                case .relu: Swift.max(a, 0)
                default: a &* a
                }
            }
        }
    }

    /// The function itself, in double precision.
    func evaluate(_ x: Double) -> Double {
        let (a, b) = (Double(a), Double(b))
        switch kind {
        case .neg: return -x
        case .abs: return Swift.abs(x)
        case .exp: return Glibc.exp(x)
        case .log: return Glibc.log(x)
        case .sqrt: return x.squareRoot()
        case .rsqrt: return 1 / x.squareRoot()
        case .reciprocal: return 1 / x
        case .square: return x * x
        case .erf: return Glibc.erf(x)
        case .tanh: return Glibc.tanh(x)
        case .sigmoid: return 1 / (1 + Glibc.exp(-x))
        case .relu: return x < 0 ? 0 : x
        case .geluErf: return x * 0.5 * (1 + Glibc.erf(x / 2.0.squareRoot()))
        case .geluTanh: return 0.5 * x * (1 + Glibc.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case .silu: return x / (1 + Glibc.exp(-x))
        case .ceil: return x.rounded(.up)
        case .floor: return x.rounded(.down)
        case .round: return x.rounded(.toNearestOrEven)
        case .trunc: return x.rounded(.towardZero)
        case .sign: return x.isNaN ? x : (x == 0 ? 0 : (x < 0 ? -1 : 1))
        case .softsign: return x / (1 + Swift.abs(x))
        case .elu: return x < 0 ? a * Glibc.expm1(x) : x
        case .selu: return b * (x <= 0 ? a * Glibc.expm1(x) : x)
        case .leakyRelu: return x < 0 ? a * x : x
        case .hardSigmoid: return clamp(a * x + b, 0, 1)
        case .hardSwish: return x * clamp(x / 6 + 0.5, 0, 1)
        case .clip: return clamp(x, a, b)
        case .affine: return a * x + b
        case .softplus: return x > 30 ? x : Glibc.log1p(Glibc.exp(x))
        case .mish: return x * Glibc.tanh(x > 30 ? x : Glibc.log1p(Glibc.exp(x)))
        case .celu: return Swift.max(0, x) + Swift.min(0, a * Glibc.expm1(x / a))
        case .thresholdedRelu: return x > a ? x : (x.isNaN ? x : 0)
        case .powScalar: return Glibc.pow(x, a)
        case .sin: return Glibc.sin(x)
        case .cos: return Glibc.cos(x)
        case .tan: return Glibc.tan(x)
        case .asin: return Glibc.asin(x)
        case .acos: return Glibc.acos(x)
        case .atan: return Glibc.atan(x)
        case .sinh: return Glibc.sinh(x)
        case .cosh: return Glibc.cosh(x)
        case .asinh: return Glibc.asinh(x)
        case .acosh: return Glibc.acosh(x)
        case .atanh: return Glibc.atanh(x)
        case .expm1: return Glibc.expm1(x)
        case .log1p: return Glibc.log1p(x)
        case .log2: return Glibc.log2(x)
        case .log10: return Glibc.log10(x)
        case .exp2: return Glibc.exp2(x)
        }
    }

    /// numpy's clip: NaN stays, and if the bounds cross the upper one wins.
    private func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double {
        x.isNaN ? x : Swift.min(Swift.max(x, low), high)
    }
}
