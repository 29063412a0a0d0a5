import MartletTensor

/// One cell: for printing, parameters, literals and tests. Rows in flight are columns, never values.
package indirect enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(Int64)
    case list([Value])
    case structure([StructField])
    /// Elements in row-major order.
    case tensor(Tensor)

    package struct StructField: Hashable, Sendable {
        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The type; the parts of a list are unified, and a list without a common type has elements of type null.
    package var type: DataType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .list(let values):
            .list(values.reduce(DataType?.some(.null)) { type, value in type?.unified(with: value.type) } ?? .null)
        case .structure(let fields): .structure(fields.map { Field($0.name, $0.value.type) })
        case .tensor(let tensor): .tensor(tensor.dtype, shape: tensor.shape)
        }
    }
}

/// Equality as SQL groups: null equals null, NaN equals NaN, -0 equals 0. Types must be the same: 1 is not 1.0.
extension Value: Hashable {
    package static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.int(let x), .int(let y)): x == y
        case (.float(let x), .float(let y)): x == y || (x.isNaN && y.isNaN)
        case (.string(let x), .string(let y)): x.utf8.elementsEqual(y.utf8)
        case (.bytes(let x), .bytes(let y)): x == y
        case (.timestamp(let x), .timestamp(let y)): x == y
        case (.list(let x), .list(let y)): x == y
        case (.structure(let x), .structure(let y)): x == y
        case (.tensor(let x), .tensor(let y)):
            x.dtype == y.dtype && x.shape == y.shape
                && (0..<x.count).allSatisfy { x.element(at: $0) == y.element(at: $0) }
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value), .timestamp(let value): hasher.combine(value)
        case .float(let value): hasher.combine(value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern)
        case .string(let value): for byte in value.utf8 { hasher.combine(byte) }
        case .bytes(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .structure(let fields): hasher.combine(fields)
        case .tensor(let tensor): hasher.combine(tensor.shape)
        }
    }
}

extension Tensor {
    /// Element `index` in row-major order as a scalar: bool, int or float. Of uint64, values over Int64.max become floats.
    package func element(at index: Int) -> Value {
        precondition(index >= 0 && index < count, "bug: element \(index) of \(count)")
        let at = pointer + index * dtype.size
        func load<T: BitwiseCopyable>(_ type: T.Type) -> T { at.loadUnaligned(as: T.self) }
        switch dtype {
        case .float32: return .float(Double(load(Float.self)))
        case .float64: return .float(load(Double.self))
        case .float16: return .float(Double(Float(float16Bits: load(UInt16.self))))
        case .bfloat16: return .float(Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16)))
        case .int8: return .int(Int64(load(Int8.self)))
        case .uint8: return .int(Int64(load(UInt8.self)))
        case .int16: return .int(Int64(load(Int16.self)))
        case .uint16: return .int(Int64(load(UInt16.self)))
        case .int32: return .int(Int64(load(Int32.self)))
        case .uint32: return .int(Int64(load(UInt32.self)))
        case .int64: return .int(load(Int64.self))
        case .uint64:
            let value = load(UInt64.self)
            return Int64(exactly: value).map { .int($0) } ?? .float(Double(value))
        case .bool: return .bool(load(UInt8.self) != 0)
        default: preconditionFailure("bug: a column of \(dtype.name)")
        }
    }
}

extension Float {
    /// The value of an IEEE 754 binary16 bit pattern.
    init(float16Bits bits: UInt16) {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: self = sign * fraction * 0x1p-24
        case 31: self = fraction == 0 ? sign * .infinity : .nan
        default: self = sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }
}
