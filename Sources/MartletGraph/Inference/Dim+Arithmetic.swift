/// A product of a number and symbols: what is needed to follow shapes through reshapes.
///
/// Symbols that are products are spelled `batch*seq`, factors sorted, so that equal products are equal `Dim`s.
package struct DimProduct: Hashable, Sendable {
    package var coefficient: Int
    /// Sorted.
    package var symbols: [String]

    package static let one = DimProduct(coefficient: 1, symbols: [])

    private init(coefficient: Int, symbols: [String]) {
        self.coefficient = coefficient
        self.symbols = symbols
    }

    /// nil for unknown dimensions.
    package init?(_ dim: Dim) {
        switch dim {
        case .fixed(let value): self.init(coefficient: value, symbols: [])
        case .symbol(let name):
            var coefficient = 1
            var symbols: [String] = []
            for factor in name.split(separator: "*") {
                if let number = Int(factor) {
                    let (product, overflow) = coefficient.multipliedReportingOverflow(by: number)
                    guard !overflow else { return nil }
                    coefficient = product
                } else {
                    symbols.append(String(factor))
                }
            }
            self.init(coefficient: coefficient, symbols: symbols.sorted())
        case .unknown: return nil
        }
    }

    /// The product of all of them; nil if one is unknown or the number overflows.
    package init?(_ dims: some Sequence<Dim>) {
        var result = DimProduct.one
        for dim in dims {
            guard let factor = DimProduct(dim), let product = result.times(factor) else { return nil }
            result = product
        }
        self = result
    }

    package func times(_ other: DimProduct) -> DimProduct? {
        let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
        guard !overflow else { return nil }
        return DimProduct(coefficient: product, symbols: (symbols + other.symbols).sorted())
    }

    /// The exact quotient; nil if it is not one.
    package func divided(by other: DimProduct) -> DimProduct? {
        guard other.coefficient != 0, coefficient.isMultiple(of: other.coefficient) else { return nil }
        let (quotient, overflow) = coefficient.dividedReportingOverflow(by: other.coefficient)
        guard !overflow else { return nil }
        var left = symbols
        for symbol in other.symbols {
            guard let index = left.firstIndex(of: symbol) else { return nil }
            left.remove(at: index)
        }
        return DimProduct(coefficient: quotient, symbols: left)
    }

    package var dim: Dim {
        if symbols.isEmpty || coefficient == 0 { return .fixed(coefficient) }
        let factors = coefficient == 1 ? symbols : ["\(coefficient)"] + symbols
        return .symbol(factors.joined(separator: "*"))
    }
}

extension Dim {
    /// The product, unknown if a factor is.
    package static func * (a: Dim, b: Dim) -> Dim {
        guard let x = DimProduct(a), let y = DimProduct(b), let product = x.times(y) else { return .unknown }
        return product.dim
    }

    package static func + (a: Dim, b: Dim) -> Dim {
        if case .fixed(0) = a { return b }
        if case .fixed(0) = b { return a }
        guard case .fixed(let x) = a, case .fixed(let y) = b else { return .unknown }
        let (sum, overflow) = x.addingReportingOverflow(y)
        return overflow ? .unknown : .fixed(sum)
    }

    package static func - (a: Dim, b: Dim) -> Dim {
        if case .fixed(0) = b { return a }
        if a.isSame(as: b) { return .fixed(0) }
        guard case .fixed(let x) = a, case .fixed(let y) = b else { return .unknown }
        let (difference, overflow) = x.subtractingReportingOverflow(y)
        return overflow ? .unknown : .fixed(difference)
    }

    /// The quotient where it is exact or both are numbers (then truncated), else unknown.
    package static func / (a: Dim, b: Dim) -> Dim {
        if case .fixed(let x) = a, case .fixed(let y) = b {
            guard y != 0 else { return .unknown }
            let (quotient, overflow) = x.dividedReportingOverflow(by: y)
            return overflow ? .unknown : .fixed(quotient)
        }
        guard let x = DimProduct(a), let y = DimProduct(b), let quotient = x.divided(by: y) else { return .unknown }
        return quotient.dim
    }

    /// numpy's rule for one dimension; nil if the two can never go together.
    package static func broadcast(_ a: Dim, _ b: Dim) -> Dim? {
        if a == b { return a }
        switch (a, b) {
        case (.fixed(1), _): return b
        case (_, .fixed(1)): return a
        case (.fixed, .fixed): return nil
        case (.fixed, _): return a
        case (_, .fixed): return b
        default: return .unknown
        }
    }

    /// The product of all dimensions.
    package static func product(_ dims: some Sequence<Dim>) -> Dim { dims.reduce(.fixed(1), *) }
}

/// numpy's broadcast of two shapes; nil if they can never go together.
package func broadcastDims(_ a: [Dim], _ b: [Dim]) -> [Dim]? {
    let rank = max(a.count, b.count)
    var result: [Dim] = []
    result.reserveCapacity(rank)
    for position in 0..<rank {
        let left = position - (rank - a.count)
        let right = position - (rank - b.count)
        guard let dim = Dim.broadcast(left >= 0 ? a[left] : .fixed(1), right >= 0 ? b[right] : .fixed(1)) else {
            return nil
        }
        result.append(dim)
    }
    return result
}
