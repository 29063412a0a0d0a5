import MartletKernels

/// An activation of a recurrent layer, with the parameters that ONNX names alpha and beta.
package struct RecurrentFunction: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case relu, tanh, sigmoid, affine, leakyrelu, thresholdedrelu, scaledtanh, hardsigmoid, elu, softsign, softplus

        /// Defaults of the parameters that the function takes; nil where it takes none.
        package var defaults: (alpha: Float?, beta: Float?) {
            switch self {
            case .relu, .tanh, .sigmoid, .softsign, .softplus: (nil, nil)
            case .affine: (1, 0)
            case .leakyrelu: (0.01, nil)
            case .thresholdedrelu, .elu: (1, nil)
            case .scaledtanh: (1, 1)
            case .hardsigmoid: (0.2, 0.5)
            }
        }
    }

    package var kind: Kind
    package var alpha: Float
    package var beta: Float

    package init(_ kind: Kind, alpha: Float? = nil, beta: Float? = nil) {
        self.kind = kind
        self.alpha = alpha ?? kind.defaults.alpha ?? 0
        self.beta = beta ?? kind.defaults.beta ?? 0
    }

    /// x = f(x), elementwise.
    func apply(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
        func run(_ op: Kernels.UnaryOp, _ a: Float = 0, _ b: Float = 0) {
            _ = Kernels.unary(op, type: .f32, x, into: x, count: count, a: Double(a), b: Double(b))
        }
        switch kind {
        case .relu: run(.relu)
        case .tanh: run(.tanh)
        case .sigmoid: run(.sigmoid)
        case .affine: run(.affine, alpha, beta)
        case .leakyrelu: run(.leakyRelu, alpha)
        case .thresholdedrelu: run(.thresholdedRelu, alpha)
        case .scaledtanh:
            run(.affine, beta)
            run(.tanh)
            run(.affine, alpha)
        case .hardsigmoid: run(.hardSigmoid, alpha, beta)
        case .elu: run(.elu, alpha)
        case .softsign: run(.softsign)
        case .softplus: run(.softplus)
        }
    }
}
