import MartletKernels

/// What `LinearOp` applies to each element of its product.
package enum Activation: String, CaseIterable, Sendable {
    case none, relu, geluErf, geluTanh, tanh, sigmoid, silu

    /// The same function as an op of its own; nil for `none`.
    package var unary: UnaryOp.Kind? { UnaryOp.Kind(rawValue: rawValue) }
}

extension Activation {
    /// The kernels' name of it.
    var kernel: Kernels.Activation {
        switch self {
        case .none: .none
        case .relu: .relu
        case .geluErf: .geluErf
        case .geluTanh: .geluTanh
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .silu: .silu
        }
    }
}
