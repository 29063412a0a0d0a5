#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How likely few of many trials hit.
package enum BinomialTail {
    /// P(X ≤ `hits`) for X ~ Bin(`trials`, `probability`), to about 1e-10 of itself.
    ///
    /// As a test that the true rate is above `probability` it is the exact p-value of `hits`: the one by which Clopper and
    /// Pearson (1934) bound a proportion. It equals I₁₋ₚ(n - k, k + 1), the regularized incomplete beta function
    /// (DLMF 8.17.5).
    package static func atMost(_ hits: Int, of trials: Int, probability: Double) -> Double {
        if hits < 0 { return 0 }
        if hits >= trials || probability <= 0 { return 1 }
        if probability >= 1 { return 0 }
        return incompleteBeta(1 - probability, Double(trials - hits), Double(hits) + 1)
    }

    /// The fewest trials at which a share of `rate` hits has a tail of at most `level`; nil if no number of them does, or none
    /// below 2⁴⁰.
    package static func trials(rate: Double, probability: Double, level: Double) -> Int? {
        guard rate < probability, level > 0 else { return nil }
        func isEnough(_ trials: Int) -> Bool {
            atMost(Int((rate * Double(trials)).rounded(.up)), of: trials, probability: probability) <= level
        }
        var enough = 1
        while !isEnough(enough) {
            enough *= 2
            if enough > 1 << 40 { return nil }
        }
        var tooFew = enough / 2
        while enough - tooFew > 1 {
            let middle = tooFew + (enough - tooFew) / 2
            if isEnough(middle) { enough = middle } else { tooFew = middle }
        }
        return enough
    }

    /// Iₓ(a, b) by the continued fraction DLMF 8.17.22, which converges fast below the mean of the distribution.
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x < (a + 1) / (a + b + 2) else { return 1 - lower(1 - x, b, a) }
        return lower(x, a, b)
    }

    private static func lower(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        return front / fraction(x, a, b)
    }

    /// 1 + d₁/(1 + d₂/(1 + …)) by the modified method of Lentz.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        var (value, c, d) = (1.0, 1.0, 0.0)
        for term in 1...10_000 {
            let m = Double(term / 2)
            let numerator =
                term % 2 == 0
                ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonzero(1 + numerator * d)
            c = nonzero(1 + numerator / c)
            let factor = c * d
            value *= factor
            if abs(factor - 1) < 1e-15 { break }
        }
        return value
    }

    private static func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
