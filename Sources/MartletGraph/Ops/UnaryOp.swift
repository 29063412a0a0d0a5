import MartletTensor

/// One function of each element. Input: x. Floats; `neg abs sign relu square` take integers too.
package struct UnaryOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable {
        case neg, abs, exp, log, sqrt, rsqrt, reciprocal, square, erf, tanh, sigmoid, relu, geluErf, geluTanh, silu
        case ceil, floor, round, trunc, sign, softsign, elu, selu, leakyRelu, hardSigmoid, hardSwish, clip, affine
        case softplus, mish, celu, thresholdedRelu, powScalar
        case sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh, expm1, log1p, log2, log10, exp2

        var takesIntegers: Bool {
            switch self {
            case .neg, .abs, .sign, .relu, .square: true
            default: false
            }
        }

        /// How many of `a`, `b` the function reads.
        var parameterCount: Int {
            switch self {
            case .elu, .leakyRelu, .celu, .thresholdedRelu, .powScalar: 1
            case .selu, .hardSigmoid, .clip, .affine: 2
            default: 0
            }
        }
    }

    package static let name = "Unary"
    package var kind: Kind
    /// Parameters of the kinds that have some: elu(a) selu(alpha, gamma) leakyRelu(a) hardSigmoid(alpha, beta)
    /// clip(low, high) affine(a·x + b) celu(a) thresholdedRelu(a) powScalar(x^a).
    package var a: Float
    package var b: Float

    package init(_ kind: Kind, a: Float = 0, b: Float = 0) {
        self.kind = kind
        self.a = a
        self.b = b
    }

    package var attributes: String {
        switch kind.parameterCount {
        case 1: "\(kind.rawValue) a=\(a)"
        case 2: "\(kind.rawValue) a=\(a) b=\(b)"
        default: kind.rawValue
        }
    }

    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype.isFloat || kind.takesIntegers && x.type.dtype.isInteger else {
            throw impossible(inputs, "\(kind.rawValue) does not take \(x.type.dtype.name)")
        }
        return [x.type]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard kind == .neg, let values = inputs.first??.integers else { return nil }
        return values.map { .fixed(0) - $0 }
    }
}
