/// How the states of a text's tokens become one vector.
package enum Pooling: String, Hashable, Sendable, CaseIterable {
    /// Σ states ⁄ n
    case mean
    /// The first token's state.
    case cls
    /// The largest value of each component.
    case max
    /// Σ states ⁄ √n
    case meanSqrt = "mean_sqrt"
    /// The last token's state.
    case last
}
