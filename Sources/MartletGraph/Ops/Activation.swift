/// What `LinearOp` applies to each element of its product.
package enum Activation: String, CaseIterable, Sendable {
    case none, relu, geluErf, geluTanh, tanh, sigmoid, silu

    /// The same function as an op of its own; nil for `none`.
    package var unary: UnaryOp.Kind? { UnaryOp.Kind(rawValue: rawValue) }
}
