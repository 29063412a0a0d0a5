import MartletData
import MartletTensor

/// One cell of a table, or the value of a parameter.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(Int64)
    case list([Value])
    case structure([Field])
    /// Elements in row-major order; `shape` is empty for a single number.
    case tensor([Float], shape: [Int])

    /// A named part of a struct.
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension Value {
    public var isNull: Bool { self == .null }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var int: Int? { if case .int(let value) = self { Int(exactly: value) } else { nil } }
    /// The number, of an int too.
    public var float: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The elements of a tensor.
    public var floats: [Float]? { if case .tensor(let values, _) = self { values } else { nil } }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension Value: CustomStringConvertible {
    /// As results print it: `0.5`, `text`, `[1, 2]`, `{a: 1}`.
    public var description: String { data.text }
}

extension Value {
    init(_ value: MartletData.Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .bytes(let value): self = .bytes(value)
        case .timestamp(let value): self = .timestamp(value)
        case .list(let values): self = .list(values.map(Value.init))
        case .structure(let fields): self = .structure(fields.map { Field($0.name, Value($0.value)) })
        case .tensor(let tensor): self = .tensor(tensor.floatElements, shape: tensor.shape)
        }
    }

    var data: MartletData.Value {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let value): .string(value)
        case .bytes(let value): .bytes(value)
        case .timestamp(let value): .timestamp(value)
        case .list(let values): .list(values.map(\.data))
        case .structure(let fields): .structure(fields.map { .init($0.name, $0.value.data) })
        case .tensor(let values, let shape):
            shape.reduce(1, *) == values.count ? .tensor(Tensor(values, shape: shape)) : .null
        }
    }
}

extension Tensor {
    /// The elements as 32-bit floats.
    var floatElements: [Float] {
        let tensor = aligned()
        func convert<T: TensorElement & BinaryInteger>(_ type: T.Type) -> [Float] {
            tensor.elements(type).map { Float($0) }
        }
        switch dtype {
        case .float32: return Array(tensor.elements(Float.self))
        case .float64: return tensor.elements(Double.self).map { Float($0) }
        case .float16: return tensor.bits.map { Float(float16Bits: $0) }
        case .bfloat16: return tensor.bits.map { Float(bitPattern: UInt32($0) << 16) }
        case .int8: return convert(Int8.self)
        case .uint8: return convert(UInt8.self)
        case .int16: return convert(Int16.self)
        case .uint16: return convert(UInt16.self)
        case .int32: return convert(Int32.self)
        case .uint32: return convert(UInt32.self)
        case .int64: return convert(Int64.self)
        case .uint64: return convert(UInt64.self)
        case .bool: return tensor.elements(Bool.self).map { $0 ? 1 : 0 }
        default: preconditionFailure("bug: a column of \(dtype.name)")
        }
    }

    private var bits: UnsafeBufferPointer<UInt16> {
        UnsafeBufferPointer(start: UnsafePointer(pointer.assumingMemoryBound(to: UInt16.self)), count: count)
    }
}

extension Float {
    /// From IEEE 754 binary16.
    init(float16Bits bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits) & 0x3FF
        switch (exponent, fraction) {
        case (0, 0): self = Float(bitPattern: sign)
        case (0, _):
            let magnitude = Float(fraction) * 0x1p-24
            self = sign == 0 ? magnitude : -magnitude
        case (0x1F, _): self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
