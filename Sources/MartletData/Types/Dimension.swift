/// One dimension of a tensor type.
package enum Dimension: Hashable, Sendable {
    case fixed(Int)
    /// Equal names within one signature stand for equal sizes.
    case named(String)
    case unknown

    package var text: String {
        switch self {
        case .fixed(let size): "\(size)"
        case .named(let name): name
        case .unknown: "?"
        }
    }

    package var size: Int? {
        if case .fixed(let size) = self { size } else { nil }
    }

    /// The dimension that describes both, nil if two fixed sizes differ.
    package func unified(with other: Dimension) -> Dimension? {
        switch (self, other) {
        case (.fixed(let a), .fixed(let b)): a == b ? self : nil
        case (.named(let a), .named(let b)) where a == b: self
        default: .unknown
        }
    }
}
