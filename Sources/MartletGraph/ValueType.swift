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
    /// Of a sequence or an optional: the type of what it holds, as one element. Empty for everything else.
    private var held: [ValueType] = []

    package init(_ dtype: DType, _ shape: [Dim]?) {
        self.dtype = dtype
        self.shape = shape
    }

    package init(_ tensor: Tensor) {
        self.init(tensor.dtype, tensor.shape.map(Dim.fixed))
        if let elements = tensor.sequenceElements {
            self = .sequence(of: ValueType.union(elements.map(ValueType.init)))
        } else if case .some(let element) = tensor.optionalElement {
            self = .optional(of: element.map(ValueType.init) ?? ValueType(.float32, nil))
        }
    }

    package static func sequence(of element: ValueType) -> ValueType {
        var type = ValueType(.sequence, [.unknown])
        type.held = [element]
        return type
    }

    package static func optional(of element: ValueType) -> ValueType {
        var type = ValueType(.optional, [])
        type.held = [element]
        return type
    }

    /// The type of a sequence's elements or of an optional's content; nil for everything else.
    package var element: ValueType? { held.first }

    package var rank: Int? { shape?.count }

    /// The shape if all of it is numbers.
    package var fixedShape: [Int]? {
        guard let shape else { return nil }
        let fixed = shape.compactMap(\.fixedValue)
        return fixed.count == shape.count ? fixed : nil
    }

    /// Number of elements if all of the shape is numbers; the greatest Int if there are more.
    package var fixedCount: Int? {
        fixedShape?.reduce(1) { count, length in
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            return overflow ? .max : product
        }
    }

    /// Whether the rank or a dimension is unknown.
    package var isOpen: Bool { shape.map { $0.contains(.unknown) } ?? true }

    /// This type with unknown dimensions filled in from another description of the same value.
    package func sharpened(by other: ValueType) -> ValueType {
        guard let mine = shape else { return other }
        guard let theirs = other.shape, theirs.count == mine.count else { return self }
        return ValueType(dtype, zip(mine, theirs).map { $0 == .unknown || $1.fixedValue != nil ? $1 : $0 })
    }

    /// What is true of a value that is of one of these types: dimensions and ranks that differ are unknown.
    package func union(_ other: ValueType) -> ValueType {
        if let mine = element, let theirs = other.element, dtype == other.dtype {
            return dtype == .sequence ? .sequence(of: mine.union(theirs)) : .optional(of: mine.union(theirs))
        }
        // A value where an optional may be is one that holds it.
        if dtype == .optional, other.dtype != .optional, let mine = element { return .optional(of: mine.union(other)) }
        if other.dtype == .optional, dtype != .optional { return other.union(self) }
        guard let mine = shape, let theirs = other.shape, mine.count == theirs.count else {
            return ValueType(dtype, nil)
        }
        return ValueType(dtype, zip(mine, theirs).map { $0 == $1 ? $0 : .unknown })
    }

    static func union(_ types: [ValueType]) -> ValueType {
        guard let first = types.first else { return ValueType(.float32, nil) }
        return types.dropFirst().reduce(first) { $0.union($1) }
    }

    /// Whether both can be types of one value: equal element types, or one an optional of the other.
    package func goes(with other: ValueType) -> Bool {
        if dtype == .optional || other.dtype == .optional {
            let (mine, theirs) = (dtype == .optional ? element : self, other.dtype == .optional ? other.element : other)
            guard let mine, let theirs else { return true }
            return mine.goes(with: theirs)
        }
        guard dtype == other.dtype else { return false }
        guard let mine = element, let theirs = other.element else { return true }
        return mine.goes(with: theirs)
    }

    /// `float[batch, 384]`
    package var description: String {
        if let element { return "\(dtype.name)(\(element))" }
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
