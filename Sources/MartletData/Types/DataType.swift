import MartletTensor

/// The type of a value or a column. Every type has the value null; `null` has no other.
package indirect enum DataType: Hashable, Sendable {
    case null
    case bool
    /// 64-bit signed.
    case int
    /// 64-bit IEEE 754. Inside a tensor `float` means 32 bits.
    case float
    /// UTF-8.
    case string
    /// A string that is one of `members`, in the order of the classifier's `id2label`. Stored as a string.
    case labels([String])
    case bytes
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp
    case list(DataType)
    /// Field names differ, also when case is ignored.
    case structure([Field])
    /// Elements of one dtype; each row has the given shape.
    case tensor(DType, [Dimension])

    /// `float[384]` for fixed sizes.
    package static func tensor(_ dtype: DType, shape: [Int]) -> DataType { .tensor(dtype, shape.map { .fixed($0) }) }

    /// As the language writes it: `int`, `list(string)`, `struct(a int, b string)`, `float[384]`, `int8[n]`, `float[?]`.
    /// A label set reads `string`; its members are no part of the syntax. A tensor without dimensions reads `float[]`.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string, .labels: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .list(let element): "list(\(element.text))"
        case .structure(let fields): "struct(\(fields.map(\.text).joined(separator: ", ")))"
        case .tensor(let dtype, let dims): "\(dtype.name)[\(dims.map(\.text).joined(separator: ","))]"
        }
    }

    /// `int` or `float`.
    package var isNumeric: Bool { self == .int || self == .float }

    /// `string` or a label set.
    package var isText: Bool {
        switch self {
        case .string, .labels: true
        default: false
        }
    }

    /// The members if this is a label set.
    package var members: [String]? {
        if case .labels(let members) = self { members } else { nil }
    }

    /// Sizes of a row of a tensor type if all are fixed.
    package var fixedShape: [Int]? {
        guard case .tensor(_, let dims) = self else { return nil }
        let sizes = dims.compactMap(\.size)
        return sizes.count == dims.count ? sizes : nil
    }

    /// Whether rows can be put in order by `<`: everything but structs, lists, tensors and null.
    package var isOrdered: Bool {
        switch self {
        case .bool, .int, .float, .string, .labels, .bytes, .timestamp: true
        case .null, .list, .structure, .tensor: false
        }
    }

    /// The least type that both convert to silently; nil if there is none.
    ///
    /// Null gives way to anything, int widens to float, different label sets are strings, lists and structs go by their
    /// parts, a tensor dimension that is known on one side only is unknown. Nothing else converts without a cast.
    package func unified(with other: DataType) -> DataType? {
        switch (self, other) {
        case _ where self == other: return self
        case (.null, let type), (let type, .null): return type
        case (.int, .float), (.float, .int): return .float
        case (.labels, .labels), (.labels, .string), (.string, .labels): return .string
        case (.list(let a), .list(let b)): return a.unified(with: b).map { .list($0) }
        case (.structure(let a), .structure(let b)):
            guard a.count == b.count else { return nil }
            var fields: [Field] = []
            for (x, y) in zip(a, b) {
                guard x.name.lowercased() == y.name.lowercased(), let type = x.type.unified(with: y.type) else {
                    return nil
                }
                fields.append(Field(x.name, type, nullable: x.nullable || y.nullable))
            }
            return .structure(fields)
        case (.tensor(let a, let x), .tensor(let b, let y)):
            guard a == b, x.count == y.count else { return nil }
            var dims: [Dimension] = []
            for (p, q) in zip(x, y) {
                guard let dim = p.unified(with: q) else { return nil }
                dims.append(dim)
            }
            return .tensor(a, dims)
        default: return nil
        }
    }
}
