/// How many rows or tokens one run of a model sees. It never changes results or their order.
package enum BatchPolicy: Hashable, Sendable {
    /// As many tokens as keep activations in cache, fewer where that would leave a thread idle.
    case auto
    case rows(Int)
    case tokens(Int)

    /// Tokens of a batch under `auto`: enough to reuse each weight some hundred times, few enough that
    /// a layer's activations stay in the last-level cache.
    static let autoTokens = 1_024
    /// Tokens below which a smaller batch would cost more than it spares: each weight is still used some hundred times.
    static let leastTokens = 128
    /// Rows of a batch under `auto` for models that take no text.
    static let autoRows = 256
}
