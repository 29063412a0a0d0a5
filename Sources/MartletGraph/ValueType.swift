import MartletTensor

/// One dimension of a value before it is run: a number, a name that stands for the same number wherever it occurs, or unknown.
package enum Dim: Hashable, Sendable, CustomStringConvertible {
    case fixed(Int)
    case symbol(String)
    case unknown

    package var fixedValue: Int? {
        if case .fixed(let value) = self { return value }
        return nil
    }

    package var description: String {
        switch self {
        case .fixed(let value): "\(value)"
        case .symbol(let name): name
        case .unknown: "?"
        }
    }

    /// Whether both are known to be the same number.
    package func isSame(as other: Dim) -> Bool { self == other && self != .unknown }
}

/// Element type and shape of a value, as far as they are known before it is run. A nil shape is of unknown rank.
package struct ValueType: Hashable, Sendable, CustomStringConvertible {
    package var dtype: DType
    package var shape: [Dim]?

    package init(_ dtype: DType, _ shape: [Dim]?) {
        self.dtype = dtype
        self.shape = shape
    }

    package init(_ tensor: Tensor) { self.init(tensor.dtype, tensor.shape.map(Dim.fixed)) }

    package var rank: Int? { shape?.count }

    /// The shape if all of it is numbers.
    package var fixedShape: [Int]? {
        guard let shape else { return nil }
        let fixed = shape.compactMap(\.fixedValue)
        return fixed.count == shape.count ? fixed : nil
    }

    /// This type with unknown dimensions filled in from another description of the same value.
    package func sharpened(by other: ValueType) -> ValueType {
        guard let mine = shape else { return other }
        guard let theirs = other.shape, theirs.count == mine.count else { return self }
        return ValueType(dtype, zip(mine, theirs).map { $0 == .unknown || $1.fixedValue != nil ? $1 : $0 })
    }

    /// `float[batch, 384]`
    package var description: String {
        guard let shape else { return "\(dtype.name)[…]" }
        return shape.isEmpty ? dtype.name : "\(dtype.name)[\(shape.map(\.description).joined(separator: ", "))]"
    }
}

/// What is known of an op's input before it is run.
package struct InputInfo: Sendable {
    package var type: ValueType
    /// The value itself, if it is a constant.
    package var constant: Tensor?
    /// The elements, if the value is a small integer tensor computed from shapes (rank 0 or 1), else nil.
    package var integers: [Dim]?

    package init(type: ValueType, constant: Tensor? = nil, integers: [Dim]? = nil) {
        self.type = type
        self.constant = constant
        self.integers = integers
    }
}
