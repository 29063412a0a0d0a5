/// What makes two vectors near.
package enum Similarity: String, Hashable, Sendable {
    /// The greater the nearer.
    case cosine, dot
    /// The less the nearer.
    case l2

    /// Sums in double, in order of elements. NaN is the cosine to a zero vector.
    package func value(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
        switch self {
        case .dot:
            return zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        case .cosine:
            var product = 0.0
            var squaresA = 0.0
            var squaresB = 0.0
            for (x, y) in zip(a, b) {
                product += Double(x) * Double(y)
                squaresA += Double(x) * Double(x)
                squaresB += Double(y) * Double(y)
            }
            let cosine = product / (squaresA.squareRoot() * squaresB.squareRoot())
            return cosine.isNaN ? cosine : max(-1, min(1, cosine))
        case .l2:
            return zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
                .squareRoot()
        }
    }
}
